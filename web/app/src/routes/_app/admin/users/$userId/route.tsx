import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, notFound, Outlet } from "@tanstack/react-router";
import { userQuery } from "@vestibule/client/query";
import { UserPage } from "../../../../../features/users/user-page";
import { client, requirePermission } from "../../../../../lib/session";
import { isUuid } from "../../../../../lib/uuid";

export const Route = createFileRoute("/_app/admin/users/$userId")({
  beforeLoad: () => requirePermission("users:read"),
  loader: ({ context, params }) => {
    if (!isUuid(params.userId)) throw notFound();
    return context.queryClient.ensureQueryData(userQuery(client, params.userId));
  },
  component: UserRoute,
});

function UserRoute() {
  const { data: user } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  // The key resets all forms when the user changes.
  return (
    <UserPage key={user.id} user={user}>
      <Outlet />
    </UserPage>
  );
}
