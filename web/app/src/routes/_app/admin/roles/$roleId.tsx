import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, notFound } from "@tanstack/react-router";
import { permissionsQuery, roleQuery, rolesQuery } from "@vestibule/client/query";
import { RoleEditor } from "../../../../features/roles/role-editor";
import { client } from "../../../../lib/session";
import { isUuid } from "../../../../lib/uuid";

export const Route = createFileRoute("/_app/admin/roles/$roleId")({
  loader: async ({ context: { queryClient }, params: { roleId } }) => {
    if (!isUuid(roleId)) throw notFound();
    await Promise.all([
      queryClient.ensureQueryData(roleQuery(client, roleId)),
      queryClient.ensureQueryData(permissionsQuery(client)),
    ]);
  },
  component: RolePage,
});

function RolePage() {
  const { roleId } = Route.useParams();
  const { data: role } = useSuspenseQuery(roleQuery(client, roleId));
  const { data: permissions } = useSuspenseQuery(permissionsQuery(client));
  const { data: roles } = useQuery(rolesQuery(client));
  return (
    <RoleEditor
      key={role.id}
      role={role}
      permissions={permissions}
      userCount={roles?.find((row) => row.id === role.id)?.user_count}
    />
  );
}
