import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { userQuery } from "@vestibule/client/query";
import { UserEvents } from "../../../../../features/audit/user-events";
import { client, requirePermission } from "../../../../../lib/session";

export const Route = createFileRoute("/_app/admin/users/$userId/audit")({
  validateSearch: ({ side }: Record<string, unknown>): { side?: "to" | undefined } => ({
    side: side === "to" ? side : undefined,
  }),
  beforeLoad: () => requirePermission("audit:read"),
  component: Tab,
});

function Tab() {
  const { data: user } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  const { side } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <UserEvents
      user={user}
      filterBy={side === "to" ? "target" : "actor"}
      onFilterByChange={(selected) =>
        void navigate({
          search: { side: selected === "target" ? "to" : undefined },
          replace: true,
          resetScroll: false,
        })
      }
    />
  );
}
