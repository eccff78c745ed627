import type { UserStatus } from "@vestibule/client";
import type { UserFilters } from "@vestibule/client/query";

export const sorts = ["-created_at", "created_at", "email", "-email"] as const;
export type UserSort = (typeof sorts)[number];

/** What the list shows, as it stands in the address. What is as always is left out of it. */
export interface UsersSearch {
  q?: string;
  status?: UserStatus;
  role?: string;
  sort?: UserSort;
  /** Whether the dialog for a new user is open. */
  create?: true;
}

/** As long as the server takes it. */
const LONGEST = 100;

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function parseUsersSearch(raw: Record<string, unknown>): UsersSearch {
  const q = text(raw.q);
  const role = text(raw.role);
  const status = raw.status;
  const sort = sorts.find((known) => known === raw.sort);
  return {
    ...(q && { q }),
    ...((status === "active" || status === "disabled") && { status }),
    ...(role && /^[a-z][a-z0-9_-]{0,39}$/.test(role) && { role }),
    ...(sort && sort !== "-created_at" && { sort }),
    ...(raw.create === true && { create: true }),
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
