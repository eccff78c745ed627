import { createFileRoute, Outlet } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { client } from "../lib/session";
import { StandaloneErrorPage } from "../ui/standalone-pages";

/** The layout of the pages that do not require a session. */
export const Route = createFileRoute("/_auth")({
  loader: ({ context }) => context.queryClient.ensureQueryData(settingsQuery(client)),
  errorComponent: StandaloneErrorPage,
  component: Outlet,
});
