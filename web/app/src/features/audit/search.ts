import type { AuditFilters } from "@vestibule/client/query";
import { dateParam, idParam, optionParam, searchParser } from "../../lib/search-params";
import { actionLabels } from "./labels";

/**
 * Parses the search parameters of the audit log: the IDs of the actor and the target, and the first and last day in the
 * browser's time zone.
 */
export const parseAuditSearch = searchParser({
  actor: idParam,
  action: optionParam(actionLabels),
  target: idParam,
  from: dateParam,
  to: dateParam,
});

export type AuditSearch = ReturnType<typeof parseAuditSearch>;

/** Converts search parameters to API filters, from the start of the first day to the end of the last day. */
export function toAuditFilters({ actor, action, target, from, to }: AuditSearch): AuditFilters {
  return {
    ...(actor && { actor }),
    ...(action && { action: action as NonNullable<AuditFilters["action"]> }),
    ...(target && { target }),
    ...(from && { from: midnight(from, 0) }),
    ...(to && { to: midnight(to, 1) }),
  };
}

/** Returns local midnight at the start of a day, plus a number of days. */
function midnight(day: string, daysLater: number): string {
  const date = new Date(`${day}T00:00:00`);
  // Not a multiple of 24 hours, because of daylight saving time.
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}
