import { useNavigate } from "@tanstack/react-router";
import { itemsOf, useInfiniteUsers } from "@vestibule/client/query";
import { UserPlus, Users } from "lucide-react";
import { useMemo } from "react";
import { useCan } from "../../lib/session";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { ListFooter } from "../../ui/list-footer";
import { ListView } from "../../ui/list-view";
import { PageHeader } from "../../ui/page-header";
import { FilterBar } from "./filter-bar";
import { hasFilters, parseUsersSearch, toUserFilters, type UsersSearch } from "./search";
import { useUserActions } from "./user-actions";
import { userColumns } from "./user-columns";

export function UsersPage({ search }: { search: UsersSearch }) {
  const navigate = useNavigate({ from: "/admin/users/" });
  const canCreate = useCan()("users:create");
  const users = useInfiniteUsers(toUserFilters(search));
  const rows = users.data && itemsOf(users.data);
  const actions = useUserActions();
  const columns = useMemo(() => userColumns(actions), [actions]);

  function change(change: UsersSearch, replace = false) {
    void navigate({ search: (before) => parseUsersSearch({ ...before, ...change }), replace, resetScroll: false });
  }

  const inviteButton = canCreate && (
    <Button variant="primary" onClick={() => change({ create: true })}>
      <UserPlus aria-hidden />
      Invite user
    </Button>
  );

  return (
    <>
      <PageHeader title="Users" description="Everyone with an account." actions={inviteButton} />
      <FilterBar search={search} onChange={change} />
      <ListView
        label="users"
        query={users}
        rows={rows}
        rowKey={(user) => user.id}
        columns={columns}
        empty={
          <EmptyState
            icon={<Users />}
            title="No users yet"
            description="Users appear here after they sign up or are invited."
          />
        }
        onClearFilters={
          hasFilters(search) ? () => change({ q: undefined, status: undefined, role: undefined }) : undefined
        }
        onRowClick={(user) => void navigate({ to: "/admin/users/$userId", params: { userId: user.id } })}
        footer={rows && <ListFooter query={users} />}
      />
      {actions.dialog}
    </>
  );
}
