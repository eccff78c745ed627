import type { AuditEvent, User } from "@vestibule/client";
import { itemsOf, useAuditEvents } from "@vestibule/client/query";
import { ScrollText } from "lucide-react";
import { EmptyState } from "../../ui/empty-state";
import { TextLink } from "../../ui/links";
import { ListFooter } from "../../ui/list-footer";
import { type Column, ListView } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";
import { Select } from "../../ui/select";

/** Whether the user did it, or it was done to them. */
export type AuditSide = "by" | "to";

interface AuditTabProps {
  user: User;
  side: AuditSide;
  onSide(side: AuditSide): void;
}

/** What somebody did, or what was done to them, the newest first. */
export function AuditTab({ user, side, onSide }: AuditTabProps) {
  const events = useAuditEvents(side === "by" ? { actor: user.id } : { target: user.id });
  const rows = events.data && itemsOf(events.data);
  const first = events.data?.pages[0];

  return (
    <>
      <div className="mb-3">
        <Select aria-label="Which events" value={side} onChange={(event) => onSide(event.target.value as AuditSide)}>
          <option value="by">What they did</option>
          <option value="to">What was done to them</option>
        </Select>
      </div>
      <ListView
        label="events"
        query={events}
        rows={rows}
        rowKey={(event) => event.id}
        columns={columnsFor(user)}
        empty={
          <EmptyState
            icon={<ScrollText />}
            title={side === "by" ? "They have done nothing yet" : "Nothing was done to them yet"}
            description="Signing in, changes of passwords, roles and status appear here."
          />
        }
        footer={
          rows && (
            <ListFooter
              shown={rows.length}
              {...(first?.total != null && { total: { count: first.total, atLeast: first.totalIsBound } })}
              hasMore={events.hasNextPage}
              loadingMore={events.isFetchingNextPage}
              failed={events.isFetchNextPageError}
              onLoadMore={() => void events.fetchNextPage()}
            />
          )
        }
      />
    </>
  );
}

const columnsFor = (user: User): Column<AuditEvent>[] => [
  {
    key: "action",
    header: "Event",
    rowHeader: true,
    cell: (event) => (
      <>
        <code className="font-mono text-xs">{event.action}</code>
        <span className="block break-words text-muted text-xs">{summary(event)}</span>
        <span className="block text-muted text-xs sm:hidden">
          <RelativeTime value={event.occurred_at} />
        </span>
      </>
    ),
  },
  {
    key: "actor",
    header: "By",
    className: "hidden md:table-cell",
    cell: ({ actor }) => <Actor actor={actor} user={user} />,
  },
  {
    key: "ip",
    header: "IP address",
    className: "hidden md:table-cell",
    cell: (event) => <span className="tabular-nums">{event.ip_address}</span>,
  },
  {
    key: "when",
    header: "When",
    className: "hidden sm:table-cell",
    cell: (event) => <RelativeTime value={event.occurred_at} />,
  },
];

const actors: Record<string, string> = {
  user: "A user",
  anonymous: "Somebody not signed in",
  cli: "The operator",
  system: "The server",
};

/** Who did it; somebody else can be opened, if they are still there. */
function Actor({ actor, user }: { actor: AuditEvent["actor"]; user: User }) {
  if (actor.id === user.id) return "Themselves";
  if (actor.id === null) return actors[actor.kind] ?? actor.kind;
  return (
    <TextLink to="/admin/users/$userId" params={{ userId: actor.id }}>
      Another user
    </TextLink>
  );
}

/** The details in one line: "given: admin, support". */
function summary({ details }: Pick<AuditEvent, "details">): string {
  return Object.entries(details as Record<string, unknown>)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${Array.isArray(value) ? value.join(", ") : String(value)}`)
    .join(" · ");
}
