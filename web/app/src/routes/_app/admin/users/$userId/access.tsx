import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { userQuery } from "@vestibule/client/query";
import { AccessTab } from "../../../../../features/users/access-tab";
import { useInvitableUser } from "../../../../../features/users/use-invitable-user";
import { useUserActions } from "../../../../../features/users/user-actions";
import { client, requirePermission } from "../../../../../lib/session";

const PERMISSION_PATTERN = /^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}$/;

export const Route = createFileRoute("/_app/admin/users/$userId/access")({
  // Returns every key, because the router keeps the unvalidated value of a missing one.
  validateSearch: ({ permission }: Record<string, unknown>): { permission?: string | undefined } => ({
    permission: typeof permission === "string" && PERMISSION_PATTERN.test(permission) ? permission : undefined,
  }),
  beforeLoad: () => requirePermission("roles:read"),
  component: Tab,
});

function Tab() {
  const { data } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  const user = useInvitableUser(data);
  const { permission } = Route.useSearch();
  const navigate = Route.useNavigate();
  const actions = useUserActions();
  return (
    <>
      <AccessTab
        user={user}
        actions={actions}
        permission={permission}
        onSelect={(selected) => void navigate({ search: { permission: selected }, replace: true, resetScroll: false })}
      />
      {actions.dialog}
    </>
  );
}
