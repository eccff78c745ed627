import { Link } from "@tanstack/react-router";
import type { UserRow } from "@vestibule/client";
import { Ellipsis } from "lucide-react";
import { getDisplayName } from "../../lib/display-name";
import { Avatar } from "../../ui/avatar";
import { iconButtonClass } from "../../ui/button";
import type { Column } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";
import { RoleBadges, StatusBadge } from "./badges";
import { type UserActions, UserActionsMenu } from "./user-actions";

/** The columns of the list of users. On narrow screens, the first column contains the others. */
export function userColumns(actions: UserActions): Column<UserRow>[] {
  return [
    {
      key: "user",
      header: "User",
      rowHeader: true,
      className: "w-full max-w-0",
      cell: (user) => <UserCell user={user} />,
    },
    {
      key: "roles",
      header: "Roles",
      className: "hidden min-w-36 md:table-cell",
      cell: (user) => <RoleBadges roles={user.roles} max={3} />,
    },
    {
      key: "status",
      header: "Status",
      className: "hidden min-w-24 sm:table-cell",
      cell: (user) => <StatusBadge user={user} />,
    },
    {
      key: "created",
      header: "Created",
      className: "hidden min-w-28 text-muted lg:table-cell",
      cell: (user) => <RelativeTime value={user.created_at} />,
    },
    {
      key: "last_sign_in",
      header: "Last sign-in",
      className: "hidden min-w-28 whitespace-nowrap text-muted sm:table-cell",
      cell: (user) => <LastSignIn user={user} />,
    },
    {
      key: "actions",
      header: "Actions",
      hideHeader: true,
      className: "w-px text-right",
      cell: (user) => (
        <UserActionsMenu
          user={user}
          actions={actions}
          trigger={
            <button type="button" className={iconButtonClass("sm")} aria-label={`Actions for ${user.email}`}>
              <Ellipsis aria-hidden />
            </button>
          }
        />
      ),
    },
  ];
}

function UserCell({ user }: { user: UserRow }) {
  return (
    <span className="flex items-start gap-2.5 sm:items-center">
      <Avatar name={getDisplayName(user)} className="mt-0.5 sm:mt-0" />
      <span className="min-w-0">
        <Link
          to="/admin/users/$userId"
          params={{ userId: user.id }}
          className="block truncate rounded-sm font-medium hover:underline"
        >
          {getDisplayName(user)}
        </Link>
        {user.display_name && <span className="block truncate text-muted text-xs">{user.email}</span>}
        <span className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs md:hidden">
          <span className="sm:hidden">
            <StatusBadge user={user} />
          </span>
          <RoleBadges roles={user.roles} max={3} />
          <span className="text-muted sm:hidden">
            <LastSignIn user={user} inSentence />
          </span>
        </span>
      </span>
    </span>
  );
}

function LastSignIn({ user, inSentence = false }: { user: UserRow; inSentence?: boolean }) {
  if (!user.last_sign_in_at) {
    return inSentence ? "Never signed in" : "Never";
  }
  return (
    <>
      {inSentence && "Signed in "}
      <RelativeTime value={user.last_sign_in_at} />
    </>
  );
}
