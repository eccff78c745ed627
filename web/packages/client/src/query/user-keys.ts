import type { InputOf } from "../operation.js";

/** What a list of users can be narrowed to, and its order. */
export type UserFilters = Omit<InputOf<"listUsers">, "cursor" | "signal">;

const all = ["vestibule", "users"] as const;
const lists = [...all, "list"] as const;
const everyPage = [...lists, "page"] as const;
const everyPages = [...lists, "pages"] as const;
const one = (user_id: string) => [...all, "one", user_id] as const;

/** The keys of what is cached about users. */
export const userKeys = {
  all,
  lists,
  everyPage,
  everyPages,
  page: (filters: UserFilters) => [...everyPage, filters] as const,
  pages: (filters: UserFilters) => [...everyPages, filters] as const,
  one,
  access: (user_id: string, permission?: string) => [...one(user_id), "access", permission] as const,
  sessions: (user_id: string) => [...one(user_id), "sessions"] as const,
};
