import type { SessionInfo, User } from "@vestibule/client";
import { itemsOf, useSessions } from "@vestibule/client/query";
import { MonitorSmartphone } from "lucide-react";
import { usePermissions } from "../../lib/session";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { ListFooter } from "../../ui/list-footer";
import { type Column, ListView } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";
import { sessionColumns } from "../../ui/session-columns";
import { useUserActions } from "./user-actions";

/** Where somebody is signed in, and the way to end all of it. */
export function SessionsTab({ user }: { user: User }) {
  const sessions = useSessions(user.id);
  const mayRevoke = usePermissions()("sessions:revoke");
  const actions = useUserActions();
  const rows = sessions.data && itemsOf(sessions.data).toSorted((a, b) => b.last_used_at.localeCompare(a.last_used_at));

  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-semibold text-base">Where they are signed in</h2>
        {mayRevoke && rows && rows.length > 0 && (
          <Button onClick={() => actions.signOut(user)}>Sign out everywhere…</Button>
        )}
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
            title="Not signed in anywhere"
            description="A session appears here when they sign in, and goes when it ends."
          />
        }
        footer={sessions.hasNextPage && <ListFooter query={sessions} />}
      />
      {actions.dialog}
    </>
  );
}

const columns: Column<SessionInfo>[] = [
  ...sessionColumns,
  {
    key: "expires",
    header: "Ends",
    className: "hidden lg:table-cell",
    cell: (session) => <RelativeTime value={session.expires_at} />,
  },
];
