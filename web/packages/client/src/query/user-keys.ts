import type { InputOf } from "../operations.js";

/** The filters, the order and the page size of a list of users. */
export type UserFilters = Omit<InputOf<"listUsers">, "cursor" | "signal">;

const all = ["vestibule", "users"] as const;
const lists = [...all, "list"] as const;
const pages = [...lists, "page"] as const;
const infiniteLists = [...lists, "infinite"] as const;
const detail = (user_id: string) => [...all, "detail", user_id] as const;

/** The query keys of users. `pages` and `infiniteLists` are the prefixes of `page` and `infiniteList`. */
export const userKeys = {
  all,
  lists,
  pages,
  page: (filters: UserFilters) => [...pages, filters] as const,
  infiniteLists,
  infiniteList: (filters: UserFilters) => [...infiniteLists, filters] as const,
  detail,
  access: (user_id: string, permission?: string) => [...detail(user_id), "access", permission] as const,
  sessions: (user_id: string) => [...detail(user_id), "sessions"] as const,
};
