import type { UserFilters } from "@vestibule/client/query";
import { flagParam, optionParam, searchParser, sortParam, textParam } from "../../lib/search-params";

export const statusLabels = { active: "Active", disabled: "Disabled" };

export const sortLabels = {
  "-created_at": "Newest first",
  created_at: "Oldest first",
  email: "Email, A to Z",
  "-email": "Email, Z to A",
};

/** Parses the search parameters of the list. `create` opens the dialog for a new user. */
export const parseUsersSearch = searchParser({
  q: textParam,
  status: optionParam(statusLabels),
  role: roleParam,
  sort: sortParam(sortLabels),
  create: flagParam,
});

export type UsersSearch = ReturnType<typeof parseUsersSearch>;

function roleParam(value: unknown): string | undefined {
  const role = textParam(value) ?? "";
  return /^[a-z][a-z0-9_-]{0,39}$/.test(role) ? role : undefined;
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
