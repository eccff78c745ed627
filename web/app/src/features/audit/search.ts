import type { AuditFilters } from "@vestibule/client/query";
import { isUuid } from "../../lib/uuid";
import { actions } from "./words";

/** What the list is narrowed to, as it stands in the address. */
export interface AuditSearch {
  /** A user's id. */
  actor?: string | undefined;
  action?: string | undefined;
  /** The id of a user, role or session. */
  target?: string | undefined;
  /** The first and the last day, `2026-11-24`, by this browser's clock. */
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * Reads an address that anybody may have typed: what makes no sense is left out. Every name is returned, for what is
 * missing here the router would take over unchecked.
 */
export function parseAuditSearch(raw: Record<string, unknown>): AuditSearch {
  return {
    actor: idOf(raw.actor),
    action: actions.find((action) => action === raw.action),
    target: idOf(raw.target),
    from: dayOf(raw.from),
    to: dayOf(raw.to),
  };
}

/** What to ask the server for: from the beginning of the first day to the end of the last one. */
export function auditFiltersOf({ actor, action, target, from, to }: AuditSearch): AuditFilters {
  return {
    ...(actor && { actor }),
    ...(action && { action: action as NonNullable<AuditFilters["action"]> }),
    ...(target && { target }),
    ...(from && { from: midnight(from, 0) }),
    ...(to && { to: midnight(to, 1) }),
  };
}

export const isNarrowed = (search: AuditSearch): boolean => Object.values(search).some(Boolean);

function idOf(value: unknown): string | undefined {
  return typeof value === "string" && isUuid(value) ? value.toLowerCase() : undefined;
}

function dayOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const date = new Date(`${value}T00:00:00Z`);
  // JavaScript takes the 31st of a month of 30 days for the 1st of the next.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) ? value : undefined;
}

/** The local midnight with which a day begins, or one of those after it. */
function midnight(day: string, daysLater: number): string {
  const date = new Date(`${day}T00:00:00`);
  // Not 24 hours: twice a year a day has 23 or 25.
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}
