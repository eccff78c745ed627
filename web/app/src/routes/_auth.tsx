import { createFileRoute, Outlet } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { client } from "../lib/session";
import { StandaloneErrorPage } from "../ui/standalone-pages";

/** The pages that need nobody to be signed in. */
export const Route = createFileRoute("/_auth")({
  loader: ({ context }) => context.queryClient.ensureQueryData(settingsQuery(client)),
  errorComponent: StandaloneErrorPage,
  component: Outlet,
});
