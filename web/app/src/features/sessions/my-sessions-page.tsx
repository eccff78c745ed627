import type { SessionInfo } from "@vestibule/client";
import { itemsOf, useMySessions, useRevokeMyOtherSessions, useRevokeMySession } from "@vestibule/client/query";
import { useState } from "react";
import { Button } from "../../ui/button";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { EmptyState } from "../../ui/empty-state";
import { ListFooter } from "../../ui/list-footer";
import { type Column, ListView } from "../../ui/list-view";
import { PageHeader } from "../../ui/page-header";
import { toast } from "../../ui/toast";
import { sessionColumns } from "./session-columns";

/** The sessions of the current user, who can revoke them. */
export function MySessionsPage() {
  const sessions = useMySessions();
  const [confirming, setConfirming] = useState(false);
  const rows = sessions.data && itemsOf(sessions.data).toSorted(compareSessions);
  const others = rows?.filter((session) => !session.current) ?? [];
  const hasMore = sessions.hasNextPage;

  return (
    <>
      <PageHeader
        title="Sessions"
        description="Devices signed in to your account. Sign out any you don't recognize, then change your password."
        actions={others.length > 0 && <Button onClick={() => setConfirming(true)}>Sign out all other devices</Button>}
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
      <SignOutOthersDialog open={confirming} onOpenChange={setConfirming} count={hasMore ? undefined : others.length} />
    </>
  );
}

/** Sorts the current session first, then by last use. */
function compareSessions(a: SessionInfo, b: SessionInfo): number {
  return Number(b.current) - Number(a.current) || b.last_used_at.localeCompare(a.last_used_at);
}

const columns: Column<SessionInfo>[] = [
  ...sessionColumns,
  {
    key: "actions",
    header: "Actions",
    hideHeader: true,
    className: "w-px text-right",
    cell: (session) => !session.current && <SignOutButton session={session} />,
  },
];

function SignOutButton({ session }: { session: SessionInfo }) {
  const { mutate, isPending } = useRevokeMySession();

  function revoke() {
    mutate(
      { session_id: session.id },
      {
        onSuccess: () => toast.success("Device signed out"),
        onError: (error) => toast.error("Could not sign out the device", error, revoke),
      },
    );
  }
  return (
    <Button size="sm" busy={isPending} onClick={revoke}>
      Sign out
    </Button>
  );
}

interface SignOutOthersDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The number of other sessions, or `undefined` if not all of them are loaded. */
  count: number | undefined;
}

function SignOutOthersDialog({ open, onOpenChange, count }: SignOutOthersDialogProps) {
  const { mutate, isPending, error } = useRevokeMyOtherSessions();

  function revoke() {
    mutate(undefined, {
      onSuccess: () => {
        onOpenChange(false);
        toast.success("All other devices signed out");
      },
    });
  }
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Sign out all other devices?"
      description={`${describeCount(count)} immediately. This device stays signed in.`}
      action="Sign out devices"
      busy={isPending}
      error={error}
      onConfirm={revoke}
    />
  );
}

function describeCount(count: number | undefined): string {
  if (count === undefined) return "All other sessions end";
  return count === 1 ? "1 other session ends" : `${count} other sessions end`;
}
