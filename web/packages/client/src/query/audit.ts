"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { useClient } from "../react/context.js";
import { type FiltersOf, infiniteListQuery } from "./pagination.js";

/** The filters and the page size of the audit log. */
export type AuditFilters = FiltersOf<"listAuditEvents">;

const all = ["vestibule", "audit-events"] as const;

/** The query keys of the audit log. */
export const auditKeys = { all, infiniteList: (filters: AuditFilters) => [...all, filters] as const };

/** Query options for the audit log, newest events first, page by page. */
export const auditEventsQuery = (client: VestibuleClient, filters: AuditFilters = {}) =>
  infiniteListQuery(auditKeys.infiniteList(filters), (position) => client.listAuditEvents({ ...filters, ...position }));

/** Loads the audit log page by page: `fetchNextPage` loads older events, `itemsOf(data)` has the loaded ones. */
export function useAuditEvents(filters?: AuditFilters) {
  return useInfiniteQuery(auditEventsQuery(useClient(), filters));
}
