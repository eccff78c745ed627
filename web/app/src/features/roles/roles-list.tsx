import { Link, useNavigate } from "@tanstack/react-router";
import type { RoleRow } from "@vestibule/client";
import { useRoles } from "@vestibule/client/query";
import { KeyRound, LockKeyhole, ShieldCheck } from "lucide-react";
import { formatNumber } from "../../lib/format";
import { EmptyState } from "../../ui/empty-state";
import { type Column, ListView } from "../../ui/list-view";

/** The list of all roles. Highlights the selected one. */
export function RolesList({ selectedId }: { selectedId: string | undefined }) {
  const roles = useRoles();
  const navigate = useNavigate();
  return (
    <ListView
      label="roles"
      query={roles}
      rows={roles.data}
      rowKey={(role) => role.id}
      columns={columns}
      isSelected={(role) => role.id === selectedId}
      onRowClick={(role) => void navigate({ to: "/admin/roles/$roleId", params: { roleId: role.id } })}
      empty={<EmptyState icon={<KeyRound />} title="No roles" />}
    />
  );
}

const columns: Column<RoleRow>[] = [
  {
    key: "name",
    header: "Role",
    rowHeader: true,
    className: "max-w-0 w-full",
    cell: (role) => (
      <>
        <span className="flex items-center gap-1.5">
          <Link
            to="/admin/roles/$roleId"
            params={{ roleId: role.id }}
            className="truncate rounded-sm font-medium hover:underline"
          >
            {role.name}
          </Link>
          {role.built_in && (
            <LockKeyhole role="img" aria-label="Built in" className="size-3.5 shrink-0 text-muted">
              <title>Built in</title>
            </LockKeyhole>
          )}
          {role.requires_second_factor && (
            <ShieldCheck role="img" aria-label="Requires a second factor" className="size-3.5 shrink-0 text-muted">
              <title>Requires a second factor</title>
            </ShieldCheck>
          )}
        </span>
        {role.description && <span className="block truncate text-muted text-xs">{role.description}</span>}
      </>
    ),
  },
  {
    key: "users",
    header: "Users",
    className: "text-right tabular-nums",
    cell: (role) => formatNumber(role.user_count),
  },
];
