import { createFileRoute } from "@tanstack/react-router";
import { auditEventsQuery } from "@vestibule/client/query";
import { AuditPage } from "../../../features/audit/audit-page";
import { parseAuditSearch, toAuditFilters } from "../../../features/audit/search";
import { client, requirePermission } from "../../../lib/session";

export const Route = createFileRoute("/_app/admin/audit")({
  validateSearch: parseAuditSearch,
  beforeLoad: () => requirePermission("audit:read"),
  loaderDeps: ({ search }) => toAuditFilters(search),
  loader: ({ context, deps }) => void context.queryClient.prefetchInfiniteQuery(auditEventsQuery(client, deps)),
  component: Audit,
});

function Audit() {
  return <AuditPage search={Route.useSearch()} />;
}
