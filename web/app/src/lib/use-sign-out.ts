import { useNavigate } from "@tanstack/react-router";
import { signOut } from "./session";

/** Signs out and goes to the sign-in page, which says so if the server could not be told. */
export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  return async () => {
    const told = signOut();
    await navigate({ to: "/sign-in" });
    if (!(await told)) await navigate({ to: "/sign-in", search: { reason: "sign_out_untold" }, replace: true });
  };
}
