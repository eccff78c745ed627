import { useNavigate } from "@tanstack/react-router";
import type { AuditEvent } from "@vestibule/client";
import { itemsOf, useAuditEvents } from "@vestibule/client/query";
import { ScrollText } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { EmptyState } from "../../ui/empty-state";
import { ListFooter } from "../../ui/list-footer";
import { ListView } from "../../ui/list-view";
import { PageHeader } from "../../ui/page-header";
import { auditColumns } from "./columns";
import { FilterBar } from "./filter-bar";
import { type AuditSearch, auditFiltersOf, isNarrowed } from "./search";
import { useNames } from "./use-names";

const EventPanel = lazy(() => import("./event-panel"));

/** What was done, and refused: the newest first. */
export function AuditPage({ search }: { search: AuditSearch }) {
  const navigate = useNavigate({ from: "/admin/audit" });
  const events = useAuditEvents(auditFiltersOf(search));
  const rows = events.data && itemsOf(events.data);
  const names = useNames();
  // What was open last stays while the panel slides away.
  const [{ event, open }, setPanel] = useState<{ event?: AuditEvent; open: boolean }>({ open: false });
  const columns = useMemo(() => auditColumns(names, (row) => setPanel({ event: row, open: true })), [names]);

  function narrow(next: AuditSearch) {
    void navigate({ search: next, resetScroll: false });
  }

  return (
    <>
      <PageHeader title="Audit" description="Who did what, and what was refused. The newest first." />
      <FilterBar
        search={search}
        names={names}
        onChange={(change) => narrow({ ...search, ...change })}
        onClear={() => narrow({})}
      />
      <ListView
        label="events"
        query={events}
        rows={rows}
        rowKey={(row) => row.id}
        columns={columns}
        empty={
          <EmptyState
            icon={<ScrollText />}
            title="Nothing has happened yet"
            description="Sign-ins and every change of a user, a role or a password appear here."
          />
        }
        onClearFilters={isNarrowed(search) ? () => narrow({}) : undefined}
        onRowClick={(row) => setPanel({ event: row, open: true })}
        isSelected={(row) => open && row.id === event?.id}
        footer={rows && <Footer events={events} shown={rows.length} />}
      />
      <Suspense>
        {event && (
          <EventPanel
            event={event}
            open={open}
            names={names}
            onClose={() => setPanel({ event, open: false })}
            onNarrow={(next) => {
              setPanel({ event, open: false });
              narrow(next);
            }}
          />
        )}
      </Suspense>
    </>
  );
}

function Footer({ events, shown }: { events: ReturnType<typeof useAuditEvents>; shown: number }) {
  const first = events.data?.pages[0];
  return (
    <ListFooter
      shown={shown}
      {...(first?.total != null && { total: { count: first.total, atLeast: first.totalIsBound } })}
      hasMore={events.hasNextPage}
      loadingMore={events.isFetchingNextPage}
      failed={events.isFetchNextPageError}
      onLoadMore={() => void events.fetchNextPage()}
    />
  );
}
