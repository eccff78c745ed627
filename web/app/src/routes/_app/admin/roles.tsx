import { createFileRoute, Outlet, useMatch } from "@tanstack/react-router";
import { rolesQuery } from "@vestibule/client/query";
import { RolesPage } from "../../../features/roles/roles-page";
import { client, requirePermission } from "../../../lib/session";

export const Route = createFileRoute("/_app/admin/roles")({
  // Returns every key, because the router keeps the unvalidated value of a missing one.
  validateSearch: (search): { create?: true | undefined } => ({ create: search.create === true || undefined }),
  beforeLoad: () => requirePermission("roles:read"),
  loader: ({ context }) => void context.queryClient.prefetchQuery(rolesQuery(client)),
  component: Roles,
});

function Roles() {
  const { create = false } = Route.useSearch();
  const role = useMatch({ from: "/_app/admin/roles/$roleId", shouldThrow: false });
  return (
    <RolesPage selectedId={role?.params.roleId} creating={create}>
      <Outlet />
    </RolesPage>
  );
}
