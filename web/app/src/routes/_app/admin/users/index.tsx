import { createFileRoute } from "@tanstack/react-router";
import { infiniteUsersQuery } from "@vestibule/client/query";
import { lazy, Suspense } from "react";
import { parseUsersSearch, toUserFilters } from "../../../../features/users/search";
import { UsersPage } from "../../../../features/users/users-page";
import { client, requirePermission, useCan } from "../../../../lib/session";

const InviteUserDialog = lazy(() => import("../../../../features/invitations/invite-user-dialog"));

export const Route = createFileRoute("/_app/admin/users/")({
  validateSearch: parseUsersSearch,
  beforeLoad: () => requirePermission("users:read"),
  loaderDeps: ({ search }) => toUserFilters(search),
  loader: ({ context, deps }) => void context.queryClient.prefetchInfiniteQuery(infiniteUsersQuery(client, deps)),
  component: UsersRoute,
});

function UsersRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const canCreate = useCan()("users:create");

  function closeDialog() {
    void navigate({ search: (before) => ({ ...before, create: undefined }), replace: true, resetScroll: false });
  }

  return (
    <>
      <UsersPage search={search} />
      {canCreate && <Suspense>{search.create && <InviteUserDialog onClose={closeDialog} />}</Suspense>}
    </>
  );
}
