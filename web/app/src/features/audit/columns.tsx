import type { AuditEvent } from "@vestibule/client";
import { TriangleAlert } from "lucide-react";
import { formatDateTime } from "../../lib/time";
import type { Column } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";
import { ResourceLink } from "../../ui/resource-link";
import { actionLabel, actorLabel, detailLabel, isWarning } from "./labels";
import { getTargetName, type ResourceNames } from "./use-resource-names";

/** The columns of the audit log. The row heading opens the details. */
export function auditColumns(names: ResourceNames, onOpen: (event: AuditEvent) => void): Column<AuditEvent>[] {
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
      header: "Event",
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
            {actionLabel(event.action)}
          </button>
          <NarrowDetails event={event} names={names} />
        </>
      ),
    },
    {
      key: "actor",
      header: "Actor",
      className: "hidden w-[30%] max-w-0 md:table-cell",
      cell: (event) => <Actor event={event} names={names} />,
    },
    {
      key: "target",
      header: "Target",
      className: "hidden w-[30%] max-w-0 md:table-cell",
      cell: (event) => <Target event={event} names={names} />,
    },
  ];
}

interface PartProps {
  event: AuditEvent;
  names: ResourceNames;
  /** Renders plain text instead of a link. */
  plain?: boolean;
}

/** The other columns as text, for narrow screens. The details contain the links. */
function NarrowDetails({ event, names }: PartProps) {
  return (
    <span className="flex min-w-0 flex-col wrap-anywhere text-muted text-xs md:hidden">
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

// Resources without a known name have been deleted, so they have no page.

export function Actor({ event, names, plain }: PartProps) {
  const { kind, id } = event.actor;
  if (!id) return <span className="text-muted">{actorLabel(kind)}</span>;
  return <Named kind={kind} id={id} name={names.get(id)} plain={plain || !names.has(id)} />;
}

export function Target({ event, names, plain = false }: PartProps) {
  const { target, actor } = event;
  if (!target) return <span className="text-muted">None</span>;
  if (target.id === actor.id) return <span className="text-muted">Self</span>;
  const name = names.get(target.id) ?? getTargetName(event);
  return <Named kind={target.kind} id={target.id} name={name} plain={plain || !names.has(target.id)} />;
}

interface NamedProps {
  kind: string;
  id: string;
  name: string | undefined;
  plain: boolean | undefined;
}

/** A resource with its name, or with the end of its ID. */
function Named({ kind, id, name, plain }: NamedProps) {
  const text = name ?? `${detailLabel(kind)} …${id.slice(-8)}`;
  return <ResourceLink kind={kind} id={id} text={text} unnamed={name === undefined} plain={plain} />;
}
