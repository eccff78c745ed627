import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operation.js";
import { isProblem } from "../problem.js";
import { useClient } from "../react/context.js";
import { auditKeys } from "./audit.js";
import { createOnce } from "./create.js";
import { forget } from "./forget.js";
import { useInvalidate } from "./invalidate.js";
import { pagesQuery } from "./list.js";
import { meKeys } from "./me.js";
import { roleKeys } from "./roles.js";
import { patchUser, restoreUsers } from "./user-cache.js";
import { type UserFilters, userKeys } from "./user-keys.js";

/** One page of users. */
export const usersQuery = (client: VestibuleClient, filters: UserFilters = {}) =>
  queryOptions({
    queryKey: userKeys.page(filters),
    queryFn: ({ signal }) => client.listUsers({ ...filters, signal }),
  });

/** Users page by page. */
export const infiniteUsersQuery = (client: VestibuleClient, filters: UserFilters = {}) =>
  pagesQuery(userKeys.pages(filters), (position) => client.listUsers({ ...filters, ...position }));

/** One user, with the version that an edit sends back. */
export const userQuery = (client: VestibuleClient, user_id: string) =>
  queryOptions({ queryKey: userKeys.one(user_id), queryFn: ({ signal }) => client.getUser({ user_id, signal }) });

/** What a user may do, and why they cannot sign in. */
export const accessQuery = (client: VestibuleClient, user_id: string, permission?: string) =>
  queryOptions({
    queryKey: userKeys.access(user_id, permission),
    queryFn: ({ signal }) => client.getUserAccess({ user_id, permission, signal }),
  });

/** The first page of users. */
export function useUsers(filters?: UserFilters) {
  return useQuery(usersQuery(useClient(), filters));
}

/** Users page by page: `fetchNextPage` loads more, `itemsOf(data)` is all that has been loaded. */
export function useInfiniteUsers(filters?: UserFilters) {
  return useInfiniteQuery(infiniteUsersQuery(useClient(), filters));
}

/** One user. */
export function useUser(user_id: string) {
  return useQuery(userQuery(useClient(), user_id));
}

/** What a user may do, and why they cannot sign in. */
export function useAccess(user_id: string, permission?: string) {
  return useQuery(accessQuery(useClient(), user_id, permission));
}

/** Makes a user. */
export function useCreateUser() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    ...createOnce(client.createUser),
    onSuccess: () => invalidate(userKeys.lists, roleKeys.lists, auditKeys.all),
  });
}

/**
 * Changes a user. Name and status show at once and are put back if the server refuses. A form gives the `etag` of
 * what it was filled from as `ifMatch`, so that it cannot undo what somebody else has changed meanwhile (412 `stale`).
 */
export function useUpdateUser() {
  const client = useClient();
  const cache = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"updateUser">) => client.updateUser(input),
    onMutate: ({ user_id, body }) => patchUser(cache, user_id, body),
    onError: (_error, _input, before) => restoreUsers(cache, before),
    onSuccess: (user) => cache.setQueryData(userKeys.one(user.id), user),
    onSettled: () => invalidate(userKeys.all, meKeys.all, auditKeys.all),
  });
}

/** Deletes a user for good. */
export function useDeleteUser() {
  const client = useClient();
  const cache = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"deleteUser">) => client.deleteUser(input),
    onSettled: (_nothing, error, { user_id }) => {
      if (error && !isProblem(error, "user_not_found")) return;
      forget(cache, userKeys.one(user_id));
      return invalidate(userKeys.lists, roleKeys.lists, auditKeys.all);
    },
  });
}

/** Gives a user these roles and no others. */
export function useAssignRoles() {
  const client = useClient();
  const cache = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"replaceUserRoles">) => client.replaceUserRoles(input),
    onSuccess: (user) => {
      cache.setQueryData(userKeys.one(user.id), user);
      return invalidate(userKeys.all, roleKeys.lists, meKeys.all, auditKeys.all);
    },
  });
}
