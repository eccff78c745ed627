import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Versioned } from "../operation.js";
import type { Page } from "../page.js";
import type { UpdateUserRequest, User, UserRow } from "../schema.gen.js";
import type { Pages } from "./list.js";
import { userKeys } from "./user-keys.js";

/** What was cached about users, to be put back when a change is refused. */
export type UsersBefore = [QueryKey, unknown][];

type Shown = Pick<UpdateUserRequest, "display_name" | "status">;

/** Shows a change of a user everywhere before the server has answered; returns what was there. */
export async function patchUser(cache: QueryClient, user_id: string, change: UpdateUserRequest): Promise<UsersBefore> {
  await cache.cancelQueries({ queryKey: userKeys.all });
  const before = cache.getQueriesData({ queryKey: userKeys.all });
  const shown = shownOf(change);
  const patchPage = (page: Page<UserRow>): Page<UserRow> => ({
    ...page,
    items: page.items.map((row) => (row.id === user_id ? { ...row, ...shown } : row)),
  });

  cache.setQueriesData<Page<UserRow>>({ queryKey: userKeys.everyPage }, (page) => page && patchPage(page));
  cache.setQueriesData<Pages<UserRow>>(
    { queryKey: userKeys.everyPages },
    (loaded) => loaded && { ...loaded, pages: loaded.pages.map(patchPage) },
  );
  cache.setQueryData<Versioned<User>>(userKeys.one(user_id), (user) => user && { ...user, ...shown });
  return before;
}

/** Puts back what was cached before a change. */
export function restoreUsers(cache: QueryClient, before: UsersBefore | undefined): void {
  for (const [key, data] of before ?? []) cache.setQueryData(key, data);
}

function shownOf({ display_name, status }: UpdateUserRequest): Shown {
  return { ...(display_name !== undefined && { display_name }), ...(status !== undefined && { status }) };
}
