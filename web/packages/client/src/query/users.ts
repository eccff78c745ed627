"use client";

import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operations.js";
import { useClient } from "../react/context.js";
import { meKeys } from "./account.js";
import { auditKeys } from "./audit.js";
import { useInvalidate } from "./cache.js";
import { useCreate, useDelete, useUpdate } from "./mutations.js";
import { infiniteListQuery } from "./pagination.js";
import { roleKeys } from "./roles.js";
import { restoreCachedUsers, updateCachedUser } from "./user-cache.js";
import { type UserFilters, userKeys } from "./user-keys.js";

/** Query options for the first page of users. */
export const usersQuery = (client: VestibuleClient, filters: UserFilters = {}) =>
  queryOptions({
    queryKey: userKeys.page(filters),
    queryFn: ({ signal }) => client.listUsers({ ...filters, signal }),
  });

/** Query options for a list of users, page by page. */
export const infiniteUsersQuery = (client: VestibuleClient, filters: UserFilters = {}) =>
  infiniteListQuery(userKeys.infiniteList(filters), (position) => client.listUsers({ ...filters, ...position }));

/** Query options for one user, with the `etag` for an update. */
export const userQuery = (client: VestibuleClient, user_id: string) =>
  queryOptions({ queryKey: userKeys.detail(user_id), queryFn: ({ signal }) => client.getUser({ user_id, signal }) });

/** Query options for the effective permissions of a user and the reasons why they cannot sign in. */
export const accessQuery = (client: VestibuleClient, user_id: string, permission?: string) =>
  queryOptions({
    queryKey: userKeys.access(user_id, permission),
    queryFn: ({ signal }) => client.getUserAccess({ user_id, permission, signal }),
  });

/** Loads the first page of users. */
export function useUsers(filters?: UserFilters) {
  return useQuery(usersQuery(useClient(), filters));
}

/** Loads users page by page: `fetchNextPage` loads more, `itemsOf(data)` has the loaded ones. */
export function useInfiniteUsers(filters?: UserFilters) {
  return useInfiniteQuery(infiniteUsersQuery(useClient(), filters));
}

/** Loads one user. */
export function useUser(user_id: string) {
  return useQuery(userQuery(useClient(), user_id));
}

/** Loads the effective permissions of a user and the reasons why they cannot sign in. */
export function useAccess(user_id: string, permission?: string) {
  return useQuery(accessQuery(useClient(), user_id, permission));
}

/** Creates a user. A retry after a network failure does not create a second one. */
export function useCreateUser() {
  return useCreate(useClient().createUser, [userKeys.lists, roleKeys.lists, auditKeys.all]);
}

/**
 * Updates a user. The cache is updated with the new name and status immediately and rolled back on an error. Pass the `etag`
 * of the user that the form was filled from as `ifMatch`: the update then fails with `stale` (412) if the user has
 * changed since.
 */
export function useUpdateUser() {
  const client = useClient();
  const queryClient = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"updateUser">) => client.updateUser(input),
    onMutate: ({ user_id, body }) => updateCachedUser(queryClient, user_id, body),
    onError: (_error, _input, snapshot) => restoreCachedUsers(queryClient, snapshot),
    onSuccess: (user) => queryClient.setQueryData(userKeys.detail(user.id), user),
    onSettled: () => invalidate(userKeys.all, meKeys.all, auditKeys.all),
  });
}

/** Deletes a user permanently. */
export function useDeleteUser() {
  const affected = [userKeys.lists, roleKeys.lists, auditKeys.all];
  return useDelete(useClient().deleteUser, ({ user_id }) => userKeys.detail(user_id), affected);
}

/** Replaces the roles of a user. */
export function useAssignRoles() {
  const affected = [userKeys.all, roleKeys.lists, meKeys.all, auditKeys.all];
  return useUpdate(useClient().replaceUserRoles, userKeys.detail, affected);
}
