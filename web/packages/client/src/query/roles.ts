"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { useClient } from "../react/context.js";
import { meKeys } from "./account.js";
import { auditKeys } from "./audit.js";
import { useCreate, useDelete, useUpdate } from "./mutations.js";
import { loadAllPages } from "./pagination.js";
import { resourceKeys } from "./resource-keys.js";
import { userKeys } from "./user-keys.js";

const { all, lists, detail } = resourceKeys("roles");

/** The query keys of roles and permissions. */
export const roleKeys = { all, lists, detail, permissions: ["vestibule", "permissions"] as const };

/** Query options for all roles, each with its number of users. */
export const rolesQuery = (client: VestibuleClient) =>
  queryOptions({
    queryKey: roleKeys.lists,
    queryFn: ({ signal }) => loadAllPages((cursor) => client.listRoles({ limit: 200, cursor, signal })),
  });

/** Query options for one role, with the `etag` for an update. */
export const roleQuery = (client: VestibuleClient, role_id: string) =>
  queryOptions({ queryKey: roleKeys.detail(role_id), queryFn: ({ signal }) => client.getRole({ role_id, signal }) });

/** Query options for all permissions. */
export const permissionsQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: roleKeys.permissions, queryFn: ({ signal }) => client.listPermissions({ signal }) });

/** Loads all roles, each with its number of users. */
export function useRoles() {
  return useQuery(rolesQuery(useClient()));
}

/** Loads one role. */
export function useRole(role_id: string) {
  return useQuery(roleQuery(useClient(), role_id));
}

/** Loads all permissions. */
export function usePermissions() {
  return useQuery(permissionsQuery(useClient()));
}

/** Creates a role. A retry after a network failure does not create a second one. */
export function useCreateRole() {
  return useCreate(useClient().createRole, [roleKeys.lists, roleKeys.permissions, auditKeys.all]);
}

/**
 * Updates a role. Pass the `etag` of the role that the form was filled from as `ifMatch`: the update then fails with
 * `stale` (412) if the role has changed since.
 */
export function useUpdateRole() {
  const affected = [roleKeys.all, roleKeys.permissions, userKeys.all, meKeys.all, auditKeys.all];
  return useUpdate(useClient().updateRole, roleKeys.detail, affected);
}

/** Deletes a role, which also removes it from all users. */
export function useDeleteRole() {
  const affected = [roleKeys.lists, userKeys.all, meKeys.all, auditKeys.all];
  return useDelete(useClient().deleteRole, ({ role_id }) => roleKeys.detail(role_id), affected);
}
