import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SessionInfo } from "@vestibule/client";
import { useState } from "react";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { DeviceLabel } from "../../ui/device-label";
import { EmptyState } from "../../ui/empty-state";
import { type Column, ListView } from "../../ui/list-view";
import { PageHeader } from "../../ui/page-header";
import { RelativeTime } from "../../ui/relative-time";
import { toast } from "../../ui/toast";
import { accountKeys, mySessionsQuery } from "./queries";

/** Where one is signed in, and the way to end that. */
export function SessionsPage() {
  const sessions = useQuery(mySessionsQuery);
  const [asking, setAsking] = useState(false);
  const others = sessions.data?.filter((session) => !session.current) ?? [];

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
        rows={sessions.data}
        rowKey={(session) => session.id}
        columns={columns}
        empty={<EmptyState title="No sessions" />}
      />
      <EndOthersDialog open={asking} onOpenChange={setAsking} count={others.length} />
    </>
  );
}

const columns: Column<SessionInfo>[] = [
  {
    key: "device",
    header: "Device",
    rowHeader: true,
    cell: (session) => <DeviceLabel userAgent={session.user_agent} current={session.current} ip={session.ip_address} />,
  },
  {
    key: "ip",
    header: "IP address",
    className: "hidden md:table-cell",
    cell: (session) => <span className="tabular-nums">{session.ip_address ?? "Not known"}</span>,
  },
  {
    key: "started",
    header: "Signed in",
    className: "hidden md:table-cell",
    cell: (session) => <RelativeTime value={session.created_at} />,
  },
  {
    key: "used",
    header: "Last used",
    className: "hidden sm:table-cell",
    cell: (session) => <RelativeTime value={session.last_used_at} />,
  },
  {
    key: "actions",
    header: "Actions",
    hideHeader: true,
    className: "w-px text-right",
    cell: (session) => !session.current && <EndButton session={session} />,
  },
];

function EndButton({ session }: { session: SessionInfo }) {
  const queries = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => client.endMySession({ session_id: session.id }),
    onSuccess: () => toast.done("Signed out on that device"),
    onError: (error) => toast.failed("Could not sign out that device", error),
    onSettled: () => queries.invalidateQueries({ queryKey: accountKeys.sessions }),
  });
  return (
    <Button size="sm" busy={isPending} onClick={() => mutate()}>
      Sign out
    </Button>
  );
}

interface EndOthersDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  count: number;
}

function EndOthersDialog({ open, onOpenChange, count }: EndOthersDialogProps) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.endMyOtherSessions(),
    onSuccess: () => {
      onOpenChange(false);
      toast.done("Signed out everywhere else");
    },
    onSettled: () => queries.invalidateQueries({ queryKey: accountKeys.sessions }),
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Sign out everywhere else?"
      description={`${count === 1 ? "1 other session ends" : `${count} other sessions end`} at once. This device stays signed in.`}
      action="Sign out everywhere else"
      busy={isPending}
      error={error}
      onConfirm={() => mutate()}
    />
  );
}
