import type { User } from "@vestibule/client";
import { useUpdateUser } from "@vestibule/client/query";
import { toast } from "../../ui/toast";

/** Shows the new status at once; if the server refuses, the old one comes back with the reason. */
export function useSetStatus() {
  const { mutateAsync } = useUpdateUser();

  return async function setStatus(user: User, status: User["status"]): Promise<void> {
    const [did, verb] = status === "active" ? ["Enabled", "enable"] : ["Disabled", "disable"];
    try {
      await mutateAsync({ user_id: user.id, body: { status } });
      toast.done(`${did} ${user.email}`, { label: "Undo", run: () => void setStatus(user, user.status) });
    } catch (error) {
      toast.failed(`Could not ${verb} ${user.email}`, error);
    }
  };
}
