import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { sessionsQuery, userQuery } from "@vestibule/client/query";
import { UserSessions } from "../../../../../features/sessions/user-sessions";
import { useUserActions } from "../../../../../features/users/user-actions";
import { client, requirePermission } from "../../../../../lib/session";

export const Route = createFileRoute("/_app/admin/users/$userId/sessions")({
  beforeLoad: () => requirePermission("sessions:read"),
  loader: ({ context, params }) => void context.queryClient.prefetchInfiniteQuery(sessionsQuery(client, params.userId)),
  component: Tab,
});

function Tab() {
  const { data: user } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  const actions = useUserActions();
  return (
    <>
      <UserSessions user={user} onSignOutEverywhere={() => actions.signOut(user)} />
      {actions.dialog}
    </>
  );
}
