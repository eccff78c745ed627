import type { AuditFilters } from "@vestibule/client/query";
import { isUuid } from "../../lib/uuid";
import { actions } from "./labels";

/** The search parameters of the audit log. */
export interface AuditSearch {
  /** The ID of a user. */
  actor?: string | undefined;
  action?: string | undefined;
  /** The ID of a user, role or session. */
  target?: string | undefined;
  /** The first and last day in the browser's time zone, such as `2026-11-24`. */
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * Parses search parameters and ignores invalid ones. Returns every key, because the router keeps the unvalidated value of
 * a missing one.
 */
export function parseAuditSearch(raw: Record<string, unknown>): AuditSearch {
  return {
    actor: parseId(raw.actor),
    action: actions.find((action) => action === raw.action),
    target: parseId(raw.target),
    from: parseDate(raw.from),
    to: parseDate(raw.to),
  };
}

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

export const hasFilters = (search: AuditSearch): boolean => Object.values(search).some(Boolean);

function parseId(value: unknown): string | undefined {
  return typeof value === "string" && isUuid(value) ? value.toLowerCase() : undefined;
}

function parseDate(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const date = new Date(`${value}T00:00:00Z`);
  // JavaScript parses February 30 as March 2.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) ? value : undefined;
}

/** Returns local midnight at the start of a day, plus a number of days. */
function midnight(day: string, daysLater: number): string {
  const date = new Date(`${day}T00:00:00`);
  // Not a multiple of 24 hours, because of daylight saving time.
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}
