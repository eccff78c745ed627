import type { SessionInfo, User } from "@vestibule/client";
import { itemsOf, useSessions } from "@vestibule/client/query";
import { MonitorSmartphone } from "lucide-react";
import { useCan } from "../../lib/session";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { ListFooter } from "../../ui/list-footer";
import { type Column, ListView } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";
import { sessionColumns } from "./session-columns";

/** The sessions of a user, for administrators. */
export function UserSessions({ user, onSignOutEverywhere }: { user: User; onSignOutEverywhere(): void }) {
  const sessions = useSessions(user.id);
  const canRevoke = useCan()("sessions:revoke");
  const rows = sessions.data && itemsOf(sessions.data).toSorted((a, b) => b.last_used_at.localeCompare(a.last_used_at));

  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-semibold text-base">Active sessions</h2>
        {canRevoke && rows && rows.length > 0 && <Button onClick={onSignOutEverywhere}>Sign out everywhere…</Button>}
      </div>
      <ListView
        label="sessions"
        query={sessions}
        rows={rows}
        rowKey={(session) => session.id}
        columns={columns}
        empty={
          <EmptyState
            icon={<MonitorSmartphone />}
            title="No active sessions"
            description="Sessions appear here while this user is signed in."
          />
        }
        footer={sessions.hasNextPage && <ListFooter query={sessions} />}
      />
    </>
  );
}

const columns: Column<SessionInfo>[] = [
  ...sessionColumns,
  {
    key: "expires",
    header: "Expires",
    className: "hidden lg:table-cell",
    cell: (session) => <RelativeTime value={session.expires_at} />,
  },
];
