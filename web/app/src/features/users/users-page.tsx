import { useNavigate } from "@tanstack/react-router";
import { useInfiniteUsers } from "@vestibule/client/query";
import { UserPlus, Users } from "lucide-react";
import { useMemo } from "react";
import { clearFilters, hasFilters } from "../../lib/search-params";
import { useCan } from "../../lib/session";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { PageHeader } from "../../ui/page-header";
import { PagedList } from "../../ui/paged-list";
import { UsersFilterBar } from "./filter-bar";
import { parseUsersSearch, toUserFilters, type UsersSearch } from "./search";
import { useUserActions } from "./user-actions";
import { userColumns } from "./user-columns";

export function UsersPage({ search }: { search: UsersSearch }) {
  const navigate = useNavigate({ from: "/admin/users/" });
  const canCreate = useCan()("users:create");
  const users = useInfiniteUsers(toUserFilters(search));
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
      <UsersFilterBar search={search} onChange={change} />
      <PagedList
        label="users"
        query={users}
        columns={columns}
        empty={
          <EmptyState
            icon={<Users />}
            title="No users yet"
            description="Users appear here after they sign up or are invited."
          />
        }
        onClearFilters={hasFilters(search) ? () => change(clearFilters(search)) : undefined}
        onRowClick={(user) => void navigate({ to: "/admin/users/$userId", params: { userId: user.id } })}
      />
      {actions.dialog}
    </>
  );
}
