import { createFileRoute } from "@tanstack/react-router";
import { mySessionsQuery } from "../../../features/account/queries";
import { SessionsPage } from "../../../features/account/sessions-page";

export const Route = createFileRoute("/_app/account/sessions")({
  loader: ({ context }) => void context.queryClient.prefetchQuery(mySessionsQuery),
  component: SessionsPage,
});
