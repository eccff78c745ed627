import type { AuditEvent } from "@vestibule/client";
import { TriangleAlert } from "lucide-react";
import { formatDateTime } from "../../lib/time";
import type { Column } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";
import { Subject } from "./subject";
import { type Names, roleNameIn } from "./use-names";
import { actionInWords, actorInWords, isWarning } from "./words";

/** What a row says of an event; its heading opens the details. */
export function auditColumns(names: Names, onOpen: (event: AuditEvent) => void): Column<AuditEvent>[] {
  return [
    {
      key: "time",
      header: "Time",
      className: "hidden w-px whitespace-nowrap sm:table-cell",
      cell: (event) => (
        <span className="block leading-tight">
          <RelativeTime value={event.occurred_at} />
          <span className="block text-muted text-xs">{formatDateTime(event.occurred_at)}</span>
        </span>
      ),
    },
    {
      key: "action",
      header: "What happened",
      rowHeader: true,
      className: "max-sm:pl-4",
      cell: (event) => (
        <>
          <span className="float-right pl-2 text-muted text-xs leading-5 sm:hidden">
            <RelativeTime value={event.occurred_at} />
          </span>
          <button
            type="button"
            onClick={() => onOpen(event)}
            className="inline-flex items-center gap-1.5 rounded-sm text-left font-medium hover:underline hover:underline-offset-3"
          >
            {isWarning(event.action) && <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-warning-text" />}
            {actionInWords(event.action)}
          </button>
          <NarrowLines event={event} names={names} />
        </>
      ),
    },
    {
      key: "actor",
      header: "By",
      className: "hidden w-[30%] max-w-0 md:table-cell",
      cell: (event) => <Actor event={event} names={names} />,
    },
    {
      key: "target",
      header: "To",
      className: "hidden w-[30%] max-w-0 md:table-cell",
      cell: (event) => <Target event={event} names={names} />,
    },
  ];
}

interface PartProps {
  event: AuditEvent;
  names: Names;
  /** As text, without a link. */
  plain?: boolean;
}

/** The other columns, where there is no room for them; their links are in the details. */
function NarrowLines({ event, names }: PartProps) {
  return (
    <span className="flex min-w-0 flex-col break-all text-muted text-xs md:hidden">
      <Actor event={event} names={names} plain />
      {event.target && event.target.id !== event.actor.id && (
        <span className="flex min-w-0 gap-1">
          <span aria-hidden="true">→</span>
          <Target event={event} names={names} plain />
        </span>
      )}
    </span>
  );
}

/** Who did it. */
export function Actor({ event, names, plain }: PartProps) {
  const { kind, id } = event.actor;
  if (!id) return <span className="text-muted">{actorInWords(kind)}</span>;
  return <Subject kind={kind} id={id} name={names.get(id)} plain={plain} />;
}

/** To whom or what; nothing when it was to nobody, or to oneself. */
export function Target({ event, names, plain = false }: PartProps) {
  const { target, actor } = event;
  if (!target) return <span className="text-muted">Nobody</span>;
  if (target.id === actor.id) return <span className="text-muted">Themselves</span>;
  const name = names.get(target.id) ?? roleNameIn(event);
  // All roles have a name while they are there; what is gone has no page.
  const gone = event.action.endsWith(".deleted") || (target.kind === "role" && !names.has(target.id));
  return <Subject kind={target.kind} id={target.id} name={name} plain={plain || gone} />;
}
