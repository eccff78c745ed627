import { useNavigate } from "@tanstack/react-router";
import { useAuditEvents } from "@vestibule/client/query";
import { ScrollText } from "lucide-react";
import { EmptyState } from "../../ui/empty-state";
import { PageHeader } from "../../ui/page-header";
import { EventList } from "./event-list";
import { FilterBar } from "./filter-bar";
import { type AuditSearch, auditFiltersOf, isNarrowed } from "./search";
import { useNames } from "./use-names";

/** What was done, and refused: the newest first. */
export function AuditPage({ search }: { search: AuditSearch }) {
  const navigate = useNavigate({ from: "/admin/audit" });
  const events = useAuditEvents(auditFiltersOf(search));
  const names = useNames();

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
      <EventList
        events={events}
        names={names}
        empty={
          <EmptyState
            icon={<ScrollText />}
            title="Nothing has happened yet"
            description="Sign-ins and every change of a user, a role or a password appear here."
          />
        }
        onClearFilters={isNarrowed(search) ? () => narrow({}) : undefined}
      />
    </>
  );
}
