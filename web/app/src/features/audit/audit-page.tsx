import { useNavigate } from "@tanstack/react-router";
import { useAuditEvents } from "@vestibule/client/query";
import { ScrollText } from "lucide-react";
import { hasFilters } from "../../lib/search-params";
import { EmptyState } from "../../ui/empty-state";
import { PageHeader } from "../../ui/page-header";
import { EventList } from "./event-list";
import { AuditFilterBar } from "./filter-bar";
import { type AuditSearch, toAuditFilters } from "./search";
import { useResourceNames } from "./use-resource-names";

/** The audit log, newest events first. */
export function AuditPage({ search }: { search: AuditSearch }) {
  const navigate = useNavigate({ from: "/admin/audit" });
  const events = useAuditEvents(toAuditFilters(search));
  const names = useResourceNames(events.data);

  function applyFilters(next: AuditSearch) {
    void navigate({ search: next, resetScroll: false });
  }

  return (
    <>
      <PageHeader title="Audit log" description="Sign-ins, changes and failed attempts. Newest first." />
      <AuditFilterBar
        search={search}
        names={names}
        onChange={(change) => applyFilters({ ...search, ...change })}
        onClear={() => applyFilters({})}
      />
      <EventList
        events={events}
        names={names}
        empty={
          <EmptyState
            icon={<ScrollText />}
            title="No events yet"
            description="Sign-ins and changes to users, roles and passwords appear here."
          />
        }
        onClearFilters={hasFilters(search) ? () => applyFilters({}) : undefined}
      />
    </>
  );
}
