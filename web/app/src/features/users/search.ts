import type { UserStatus } from "@vestibule/client";
import type { UserFilters } from "@vestibule/client/query";

export const sorts = ["-created_at", "created_at", "email", "-email"] as const;
export type UserSort = (typeof sorts)[number];

/** What the list shows, as it stands in the address. What is as always is left out of it. */
export interface UsersSearch {
  q?: string | undefined;
  status?: UserStatus | undefined;
  role?: string | undefined;
  sort?: UserSort | undefined;
  /** Whether the dialog for a new user is open. */
  create?: true | undefined;
}

/** As long as the server takes it. */
const LONGEST = 100;

/**
 * Reads an address that anybody may have typed: what makes no sense is left out, by name, for the router
 * takes over what is not named.
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

/** The router reads `?q=42` as a number and `?q=true` as a truth; both are words to search for. */
function text(value: unknown): string {
  if (!["string", "number", "boolean"].includes(typeof value)) return "";
  return [...String(value).trim()].slice(0, LONGEST).join("").trim();
}

/** What to ask the server for. A search has an order of its own, so a sort is kept for afterwards. */
export function filtersOf({ q, status, role, sort }: UsersSearch): UserFilters {
  return {
    ...(q && { q }),
    ...(status && { status }),
    ...(role && { role }),
    ...(sort && !q && { sort }),
  };
}

/** Whether rows are left out, so that an empty list does not mean that there is nobody. */
export const isNarrowed = ({ q, status, role }: UsersSearch): boolean => Boolean(q || status || role);
