import { createFileRoute, redirect } from "@tanstack/react-router";
import { client } from "../../lib/session";

/** Redirects to the list of users, or to the account page if the user lacks `users:read`. */
export const Route = createFileRoute("/_app/")({
  beforeLoad: () => {
    const state = client.session.getState();
    const canReadUsers = state.status === "signed_in" && state.user.permissions.includes("users:read");
    throw redirect({ to: canReadUsers ? "/admin/users" : "/account", replace: true });
  },
});
