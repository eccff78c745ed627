import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Versioned } from "../operations.js";
import type { Page } from "../page.js";
import type { UpdateUserRequest, User, UserRow } from "../schema.gen.js";
import type { Pages } from "./pagination.js";
import { userKeys } from "./user-keys.js";

/** A copy of the cached user queries, for a rollback. */
export type UsersSnapshot = [QueryKey, unknown][];

type OptimisticFields = Pick<UpdateUserRequest, "display_name" | "status">;

/** Updates a user in all cached lists and details before the server has responded. Returns the previous data. */
export async function updateCachedUser(
  queryClient: QueryClient,
  user_id: string,
  change: UpdateUserRequest,
): Promise<UsersSnapshot> {
  await queryClient.cancelQueries({ queryKey: userKeys.all });
  const snapshot = queryClient.getQueriesData({ queryKey: userKeys.all });
  const fields = optimisticFields(change);
  const updatePage = (page: Page<UserRow>): Page<UserRow> => ({
    ...page,
    items: page.items.map((row) => (row.id === user_id ? { ...row, ...fields } : row)),
  });

  queryClient.setQueriesData<Page<UserRow>>({ queryKey: userKeys.pages }, (page) => page && updatePage(page));
  queryClient.setQueriesData<Pages<UserRow>>(
    { queryKey: userKeys.infiniteLists },
    (list) => list && { ...list, pages: list.pages.map(updatePage) },
  );
  queryClient.setQueryData<Versioned<User>>(userKeys.detail(user_id), (user) => user && { ...user, ...fields });
  return snapshot;
}

/** Restores the data that `updateCachedUser` returned. */
export function restoreCachedUsers(queryClient: QueryClient, snapshot: UsersSnapshot | undefined): void {
  for (const [key, data] of snapshot ?? []) queryClient.setQueryData(key, data);
}

function optimisticFields({ display_name, status }: UpdateUserRequest): OptimisticFields {
  return { ...(display_name !== undefined && { display_name }), ...(status !== undefined && { status }) };
}
