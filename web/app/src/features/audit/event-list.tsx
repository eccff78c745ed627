import { useNavigate } from "@tanstack/react-router";
import type { AuditEvent } from "@vestibule/client";
import type { useAuditEvents } from "@vestibule/client/query";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { PagedList } from "../../ui/paged-list";
import { auditColumns } from "./columns";
import type { ResourceNames } from "./use-resource-names";

const EventPanel = lazy(() => import("./event-panel"));

interface EventListProps {
  events: ReturnType<typeof useAuditEvents>;
  names: ResourceNames;
  /** Shown if there are no events. */
  empty: ReactNode;
  onClearFilters?: (() => void) | undefined;
}

/** A list of audit events whose details open in a side panel. */
export function EventList({ events, names, empty, onClearFilters }: EventListProps) {
  const navigate = useNavigate();
  // The event stays set while the panel closes, so that the closing animation still shows it.
  const [{ event, open }, setPanel] = useState<{ event?: AuditEvent; open: boolean }>({ open: false });
  const columns = useMemo(() => auditColumns(names, (row) => setPanel({ event: row, open: true })), [names]);

  return (
    <>
      <PagedList
        label="events"
        query={events}
        columns={columns}
        empty={empty}
        onClearFilters={onClearFilters}
        onRowClick={(row) => setPanel({ event: row, open: true })}
        isSelected={(row) => open && row.id === event?.id}
      />
      <Suspense>
        {event && (
          <EventPanel
            event={event}
            open={open}
            names={names}
            onClose={() => setPanel({ event, open: false })}
            onFilter={(search) => {
              setPanel({ event, open: false });
              void navigate({ to: "/admin/audit", search, resetScroll: false });
            }}
          />
        )}
      </Suspense>
    </>
  );
}
