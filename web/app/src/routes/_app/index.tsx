import { createFileRoute, redirect } from "@tanstack/react-router";

/** The start page: one's own account. */
export const Route = createFileRoute("/_app/")({
  beforeLoad: () => {
    throw redirect({ to: "/account", replace: true });
  },
});
