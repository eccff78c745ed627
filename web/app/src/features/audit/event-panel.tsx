import type { AuditEvent } from "@vestibule/client";
import type { ReactNode } from "react";
import { formatDateTime } from "../../lib/time";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { DeviceLabel } from "../../ui/device-label";
import { DateTime, RelativeTime } from "../../ui/relative-time";
import { SidePanel } from "../../ui/side-panel";
import { Actor, Target } from "./columns";
import { actionLabel, detailLabel, detailValue } from "./labels";
import type { AuditSearch } from "./search";
import type { ResourceNames } from "./use-resource-names";

interface EventPanelProps {
  event: AuditEvent;
  open: boolean;
  names: ResourceNames;
  onClose(): void;
  onFilter(search: AuditSearch): void;
}

/** The details of an audit event. */
export default function EventPanel({ event, open, names, onClose, onFilter }: EventPanelProps) {
  const { actor, target } = event;
  return (
    <SidePanel
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={actionLabel(event.action)}
      description={
        <>
          <RelativeTime value={event.occurred_at} /> · {formatDateTime(event.occurred_at)}
        </>
      }
      footer={
        <>
          {actor.id && <Button onClick={() => onFilter({ actor: actor.id ?? undefined })}>Filter by actor</Button>}
          {target && <Button onClick={() => onFilter({ target: target.id })}>Filter by target</Button>}
        </>
      }
    >
      <dl className="flex flex-col gap-4">
        <Detail label="Actor">
          <Actor event={event} names={names} />
          {actor.id && <Identifier value={actor.id} label="Copy actor ID" />}
        </Detail>
        <Detail label="Target">
          <Target event={event} names={names} />
          {target && target.id !== actor.id && <Identifier value={target.id} label="Copy target ID" />}
        </Detail>
        {Object.entries(event.details).map(([name, value]) => (
          <Detail key={name} label={detailLabel(name)}>
            <span className="break-words">{detailValue(value)}</span>
          </Detail>
        ))}
        <Detail label="Device">
          {event.user_agent || event.ip_address ? (
            <DeviceLabel userAgent={event.user_agent} detail={event.ip_address} />
          ) : (
            <span className="text-muted">Unknown</span>
          )}
        </Detail>
        <Detail label="Time">
          <DateTime value={event.occurred_at} />
          <Identifier value={event.occurred_at} label="Copy timestamp" />
        </Detail>
        <Detail label="Action">
          <code className="font-mono text-xs">{event.action}</code>
        </Detail>
        {event.request_id && (
          <Detail label="Request ID">
            <Identifier value={event.request_id} label="Copy request ID" />
          </Detail>
        )}
        <Detail label="Event ID">
          <Identifier value={event.id} label="Copy event ID" />
        </Detail>
      </dl>
    </SidePanel>
  );
}

function Detail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid gap-0.5 sm:grid-cols-[5rem_minmax(0,1fr)] sm:gap-2">
      <dt className="text-muted text-sm">{label}</dt>
      <dd className="min-w-0 text-sm">{children}</dd>
    </div>
  );
}

function Identifier({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-center justify-between gap-1">
      <code className="min-w-0 select-all wrap-anywhere font-mono text-muted text-xs">{value}</code>
      <CopyButton value={value} label={label} />
    </span>
  );
}
