import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { sessionsQuery, userQuery } from "@vestibule/client/query";
import { SessionsTab } from "../../../../../features/users/sessions-tab";
import { requirePermission } from "../../../../../lib/guard";
import { client } from "../../../../../lib/session";

export const Route = createFileRoute("/_app/admin/users/$userId/sessions")({
  beforeLoad: () => requirePermission("sessions:read"),
  loader: ({ context, params }) => void context.queryClient.prefetchInfiniteQuery(sessionsQuery(client, params.userId)),
  component: Tab,
});

function Tab() {
  const { data: user } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  return <SessionsTab user={user} />;
}
