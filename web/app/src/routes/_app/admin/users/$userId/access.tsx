import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { userQuery } from "@vestibule/client/query";
import { AccessTab } from "../../../../../features/users/access-tab";
import { requirePermission } from "../../../../../lib/guard";
import { client } from "../../../../../lib/session";

const PERMISSION = /^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}$/;

export const Route = createFileRoute("/_app/admin/users/$userId/access")({
  // Named also when it makes no sense, for the router takes over what is not named.
  validateSearch: ({ permission }: Record<string, unknown>): { permission?: string | undefined } => ({
    permission: typeof permission === "string" && PERMISSION.test(permission) ? permission : undefined,
  }),
  beforeLoad: () => requirePermission("roles:read"),
  component: Tab,
});

function Tab() {
  const { data: user } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  const { permission } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AccessTab
      user={user}
      permission={permission}
      onChoose={(chosen) => void navigate({ search: { permission: chosen }, replace: true, resetScroll: false })}
    />
  );
}
