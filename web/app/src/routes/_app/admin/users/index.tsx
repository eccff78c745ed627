import { createFileRoute } from "@tanstack/react-router";
import { infiniteUsersQuery } from "@vestibule/client/query";
import { parseUsersSearch, toUserFilters } from "../../../../features/users/search";
import { UsersPage } from "../../../../features/users/users-page";
import { client, requirePermission } from "../../../../lib/session";

export const Route = createFileRoute("/_app/admin/users/")({
  validateSearch: parseUsersSearch,
  beforeLoad: () => requirePermission("users:read"),
  loaderDeps: ({ search }) => toUserFilters(search),
  loader: ({ context, deps }) => void context.queryClient.prefetchInfiniteQuery(infiniteUsersQuery(client, deps)),
  component: UsersRoute,
});

function UsersRoute() {
  return <UsersPage search={Route.useSearch()} />;
}
