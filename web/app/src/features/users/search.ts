import type { UserStatus } from "@vestibule/client";
import type { UserFilters } from "@vestibule/client/query";

export const sorts = ["-created_at", "created_at", "email", "-email"] as const;
export type UserSort = (typeof sorts)[number];

/** The search parameters of the list. Defaults are omitted. */
export interface UsersSearch {
  q?: string | undefined;
  status?: UserStatus | undefined;
  role?: string | undefined;
  sort?: UserSort | undefined;
  /** Opens the dialog for a new user. */
  create?: true | undefined;
}

/** The server's limit, in characters. */
const MAX_QUERY_LENGTH = 100;

/**
 * Parses search parameters and ignores invalid ones. Returns every key, because the router keeps the unvalidated value of
 * a missing one.
 */
export function parseUsersSearch(raw: Record<string, unknown>): UsersSearch {
  const role = text(raw.role);
  const sort = sorts.find((known) => known === raw.sort);
  return {
    q: text(raw.q) || undefined,
    status: raw.status === "active" || raw.status === "disabled" ? raw.status : undefined,
    role: /^[a-z][a-z0-9_-]{0,39}$/.test(role) ? role : undefined,
    sort: sort === "-created_at" ? undefined : sort,
    create: raw.create === true || undefined,
  };
}

/** Returns a parameter as text. The router parses `?q=42` as a number and `?q=true` as a boolean. */
function text(value: unknown): string {
  if (!["string", "number", "boolean"].includes(typeof value)) return "";
  return [...String(value).trim()].slice(0, MAX_QUERY_LENGTH).join("").trim();
}

/** Converts search parameters to API filters. Omits the sort order during a search: its results are sorted by relevance. */
export function toUserFilters({ q, status, role, sort }: UsersSearch): UserFilters {
  return {
    ...(q && { q }),
    ...(status && { status }),
    ...(role && { role }),
    ...(sort && !q && { sort }),
  };
}

/** Checks whether a search or filter is set. */
export const hasFilters = ({ q, status, role }: UsersSearch): boolean => Boolean(q || status || role);
