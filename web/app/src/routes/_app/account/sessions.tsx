import { createFileRoute } from "@tanstack/react-router";
import { mySessionsQuery } from "@vestibule/client/query";
import { MySessionsPage } from "../../../features/sessions/my-sessions-page";
import { client } from "../../../lib/session";

export const Route = createFileRoute("/_app/account/sessions")({
  loader: ({ context }) => void context.queryClient.prefetchInfiniteQuery(mySessionsQuery(client)),
  component: MySessionsPage,
});
