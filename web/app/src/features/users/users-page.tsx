import { useNavigate } from "@tanstack/react-router";
import { itemsOf, useInfiniteUsers } from "@vestibule/client/query";
import { UserPlus, Users } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { usePermissions } from "../../lib/session";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { ListFooter } from "../../ui/list-footer";
import { ListView } from "../../ui/list-view";
import { PageHeader } from "../../ui/page-header";
import { FilterBar } from "./filter-bar";
import { filtersOf, isNarrowed, parseUsersSearch, type UsersSearch } from "./search";
import { useUserActions } from "./user-actions";
import { userColumns } from "./users-table";

const CreateUserDialog = lazy(() => import("./create-user-dialog"));

/** Everybody with an account: to be searched, narrowed and acted upon. */
export function UsersPage({ search }: { search: UsersSearch }) {
  const navigate = useNavigate({ from: "/admin/users/" });
  const holds = usePermissions();
  const users = useInfiniteUsers(filtersOf(search));
  const rows = users.data && itemsOf(users.data);
  const actions = useUserActions();
  const columns = useMemo(() => userColumns(actions), [actions]);

  function change(change: UsersSearch, replace = false) {
    void navigate({ search: (before) => parseUsersSearch({ ...before, ...change }), replace, resetScroll: false });
  }

  const create = holds("users:create") && (
    <Button variant="primary" onClick={() => change({ create: true })}>
      <UserPlus aria-hidden />
      Invite user
    </Button>
  );

  return (
    <>
      <PageHeader title="Users" description="Everybody with an account." actions={create} />
      <FilterBar search={search} onChange={change} />
      <ListView
        label="users"
        query={users}
        rows={rows}
        rowKey={(user) => user.id}
        columns={columns}
        empty={
          <EmptyState icon={<Users />} title="No users yet" description="Who signs up or is invited appears here." />
        }
        onClearFilters={
          isNarrowed(search) ? () => change({ q: undefined, status: undefined, role: undefined }) : undefined
        }
        onRowClick={(user) => void navigate({ to: "/admin/users/$userId", params: { userId: user.id } })}
        footer={rows && <ListFooter query={users} />}
      />
      {actions.dialog}
      {holds("users:create") && (
        <Suspense>{search.create && <CreateUserDialog onClose={() => change({ create: undefined }, true)} />}</Suspense>
      )}
    </>
  );
}
