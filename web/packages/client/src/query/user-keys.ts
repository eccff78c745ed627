import type { FiltersOf } from "./pagination.js";
import { resourceKeys } from "./resource-keys.js";

/** The filters, the order and the page size of a list of users. */
export type UserFilters = FiltersOf<"listUsers">;

const keys = resourceKeys<UserFilters>("users");

/** The query keys of users. `pages` and `infiniteLists` are the prefixes of `page` and `infiniteList`. */
export const userKeys = {
  ...keys,
  access: (user_id: string, permission?: string) => [...keys.detail(user_id), "access", permission] as const,
  sessions: (user_id: string) => [...keys.detail(user_id), "sessions"] as const,
  factors: (user_id: string) => [...keys.detail(user_id), "factors"] as const,
};
