import { useNavigate } from "@tanstack/react-router";
import type { User } from "@vestibule/client";
import { useMe } from "@vestibule/client/react";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { getDisplayName } from "../../lib/display-name";
import { useCan } from "../../lib/session";
import { Avatar } from "../../ui/avatar";
import { Badge } from "../../ui/badge";
import { buttonClass } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { BackLink } from "../../ui/links";
import { PageHeader } from "../../ui/page-header";
import { RelativeTime } from "../../ui/relative-time";
import { TabLink, TabNav } from "../../ui/tab-nav";
import { StatusBadge } from "./badges";
import { type InvitableUser, useInvitableUser } from "./use-invitable-user";
import { UserActionsMenu, useUserActions } from "./user-actions";

/** The page of a user. `children` is the active tab. */
export function UserPage({ user: loaded, children }: { user: User; children: ReactNode }) {
  const user = useInvitableUser(loaded);
  const navigate = useNavigate();
  const actions = useUserActions({ onDeleted: () => void navigate({ to: "/admin/users" }) });

  return (
    <>
      <PageHeader
        title={getDisplayName(user)}
        back={<BackLink to="/admin/users">Users</BackLink>}
        description={<UserSummary user={user} />}
        actions={
          <UserActionsMenu
            user={user}
            actions={actions}
            trigger={
              <button type="button" className={buttonClass()}>
                Actions
                <ChevronDown aria-hidden />
              </button>
            }
          />
        }
      />
      <Tabs user={user} />
      {children}
      {actions.dialog}
    </>
  );
}

function UserSummary({ user }: { user: InvitableUser }) {
  const isMe = useMe().id === user.id;
  return (
    <div className="mt-1.5 flex items-start gap-3">
      <Avatar name={getDisplayName(user)} className="hidden size-9 text-sm sm:inline-flex" />
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {user.display_name && <span className="wrap-anywhere">{user.email}</span>}
          <StatusBadge user={user} />
          {!user.email_verified && <Badge tone="warning">Email not verified</Badge>}
          {isMe && <Badge tone="accent">You</Badge>}
        </div>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs">
          <span className="inline-flex min-w-0 items-center gap-1">
            <code title={user.id} className="truncate font-mono">
              {user.id}
            </code>
            <CopyButton value={user.id} label="Copy user ID" />
          </span>
          <span>
            Created <RelativeTime value={user.created_at} />
          </span>
        </div>
      </div>
    </div>
  );
}

/** The tabs that the current user is allowed to open. */
function Tabs({ user }: { user: User }) {
  const can = useCan();
  const params = { userId: user.id };
  return (
    <TabNav label="User">
      <TabLink to="/admin/users/$userId" params={params} activeOptions={{ exact: true }} replace>
        Profile
      </TabLink>
      <TabLink to="/admin/users/$userId/roles" params={params} replace>
        Roles
      </TabLink>
      {can("sessions:read") && (
        <TabLink to="/admin/users/$userId/sessions" params={params} replace>
          Sessions
        </TabLink>
      )}
      {can("roles:read") && (
        <TabLink to="/admin/users/$userId/access" params={params} replace>
          Access
        </TabLink>
      )}
      {can("audit:read") && (
        <TabLink to="/admin/users/$userId/audit" params={params} replace>
          Audit log
        </TabLink>
      )}
    </TabNav>
  );
}
