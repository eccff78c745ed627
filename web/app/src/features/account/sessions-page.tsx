import type { SessionInfo } from "@vestibule/client";
import { itemsOf, useMySessions, useRevokeMyOtherSessions, useRevokeMySession } from "@vestibule/client/query";
import { useState } from "react";
import { Button } from "../../ui/button";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { EmptyState } from "../../ui/empty-state";
import { ListFooter } from "../../ui/list-footer";
import { type Column, ListView } from "../../ui/list-view";
import { PageHeader } from "../../ui/page-header";
import { sessionColumns } from "../../ui/session-columns";
import { toast } from "../../ui/toast";

/** Where one is signed in, and the way to end that. */
export function SessionsPage() {
  const sessions = useMySessions();
  const [asking, setAsking] = useState(false);
  const rows = sessions.data && itemsOf(sessions.data).toSorted(byUse);
  const others = rows?.filter((session) => !session.current) ?? [];
  const hasMore = sessions.hasNextPage;

  return (
    <>
      <PageHeader
        title="Sessions"
        description="Where you are signed in. End what you do not know, then change your password."
        actions={others.length > 0 && <Button onClick={() => setAsking(true)}>Sign out everywhere else</Button>}
      />
      <ListView
        label="sessions"
        query={sessions}
        rows={rows}
        rowKey={(session) => session.id}
        columns={columns}
        empty={<EmptyState title="No sessions" />}
        footer={hasMore && <ListFooter query={sessions} />}
      />
      <EndOthersDialog open={asking} onOpenChange={setAsking} count={hasMore ? undefined : others.length} />
    </>
  );
}

/** This device's first, then the one used last. */
function byUse(a: SessionInfo, b: SessionInfo): number {
  return Number(b.current) - Number(a.current) || b.last_used_at.localeCompare(a.last_used_at);
}

const columns: Column<SessionInfo>[] = [
  ...sessionColumns,
  {
    key: "actions",
    header: "Actions",
    hideHeader: true,
    className: "w-px text-right",
    cell: (session) => !session.current && <EndButton session={session} />,
  },
];

function EndButton({ session }: { session: SessionInfo }) {
  const { mutate, isPending } = useRevokeMySession();

  function end() {
    mutate(session.id, {
      onSuccess: () => toast.done("Signed out on that device"),
      onError: (error) => toast.failed("Could not sign out that device", error),
    });
  }
  return (
    <Button size="sm" busy={isPending} onClick={end}>
      Sign out
    </Button>
  );
}

function othersEnd(count: number | undefined): string {
  if (count === undefined) return "All other sessions end";
  return count === 1 ? "1 other session ends" : `${count} other sessions end`;
}

interface EndOthersDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The number of other sessions; `undefined` while not all of them are loaded. */
  count: number | undefined;
}

function EndOthersDialog({ open, onOpenChange, count }: EndOthersDialogProps) {
  const { mutate, isPending, error } = useRevokeMyOtherSessions();

  function end() {
    mutate(undefined, {
      onSuccess: () => {
        onOpenChange(false);
        toast.done("Signed out everywhere else");
      },
    });
  }
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Sign out everywhere else?"
      description={`${othersEnd(count)} at once. This device stays signed in.`}
      action="Sign out everywhere else"
      busy={isPending}
      error={error}
      onConfirm={end}
    />
  );
}
