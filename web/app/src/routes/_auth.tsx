import { createFileRoute, Outlet } from "@tanstack/react-router";
import { settingsQuery } from "../lib/settings";

/** The pages that need nobody to be signed in. */
export const Route = createFileRoute("/_auth")({
  loader: ({ context }) => context.queryClient.ensureQueryData(settingsQuery),
  component: Outlet,
});
