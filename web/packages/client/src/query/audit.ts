import { useInfiniteQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operation.js";
import { useClient } from "../react/context.js";
import { pagesQuery } from "./list.js";

/** What a list of audit events can be narrowed to. */
export type AuditFilters = Omit<InputOf<"listAuditEvents">, "cursor" | "signal">;

const all = ["vestibule", "audit-events"] as const;

/** The keys of cached audit events. */
export const auditKeys = { all, pages: (filters: AuditFilters) => [...all, filters] as const };

/** Audit events page by page, the newest first. */
export const auditEventsQuery = (client: VestibuleClient, filters: AuditFilters = {}) =>
  pagesQuery(auditKeys.pages(filters), (position) => client.listAuditEvents({ ...filters, ...position }));

/** Audit events page by page: `fetchNextPage` loads older ones, `itemsOf(data)` is all that has been loaded. */
export function useAuditEvents(filters?: AuditFilters) {
  return useInfiniteQuery(auditEventsQuery(useClient(), filters));
}
