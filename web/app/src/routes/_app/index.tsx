import { createFileRoute, redirect } from "@tanstack/react-router";
import { client } from "../../lib/session";

/** The start page: the users for those who may see them, for others their own account. */
export const Route = createFileRoute("/_app/")({
  beforeLoad: () => {
    const state = client.session.getState();
    const mayReadUsers = state.status === "signed_in" && state.user.permissions.includes("users:read");
    throw redirect({ to: mayReadUsers ? "/admin/users" : "/account", replace: true });
  },
});
