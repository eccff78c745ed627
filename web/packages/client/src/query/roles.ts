import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operation.js";
import { isProblem } from "../problem.js";
import { useClient } from "../react/context.js";
import { auditKeys } from "./audit.js";
import { createOnce } from "./create.js";
import { forget } from "./forget.js";
import { useInvalidate } from "./invalidate.js";
import { everyItem } from "./list.js";
import { meKeys } from "./me.js";
import { userKeys } from "./user-keys.js";

const all = ["vestibule", "roles"] as const;

/** The keys of what is cached about roles and permissions. */
export const roleKeys = {
  all,
  lists: [...all, "list"] as const,
  one: (role_id: string) => [...all, "one", role_id] as const,
  permissions: ["vestibule", "permissions"] as const,
};

/** All roles, with the number of their users. */
export const rolesQuery = (client: VestibuleClient) =>
  queryOptions({
    queryKey: roleKeys.lists,
    queryFn: ({ signal }) => everyItem((cursor) => client.listRoles({ limit: 200, cursor, signal })),
  });

/** One role, with the version that an edit sends back. */
export const roleQuery = (client: VestibuleClient, role_id: string) =>
  queryOptions({ queryKey: roleKeys.one(role_id), queryFn: ({ signal }) => client.getRole({ role_id, signal }) });

/** All permissions that there are. */
export const permissionsQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: roleKeys.permissions, queryFn: ({ signal }) => client.listPermissions({ signal }) });

/** All roles, with the number of their users. */
export function useRoles() {
  return useQuery(rolesQuery(useClient()));
}

/** One role. */
export function useRole(role_id: string) {
  return useQuery(roleQuery(useClient(), role_id));
}

/** All permissions that there are. */
export function usePermissions() {
  return useQuery(permissionsQuery(useClient()));
}

/** Makes a role. */
export function useCreateRole() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    ...createOnce(client.createRole),
    onSuccess: () => invalidate(roleKeys.lists, roleKeys.permissions, auditKeys.all),
  });
}

/** Changes a role; with the `etag` of what the form was filled from as `ifMatch`, it undoes nobody's work. */
export function useUpdateRole() {
  const client = useClient();
  const cache = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"updateRole">) => client.updateRole(input),
    onSuccess: (role) => {
      cache.setQueryData(roleKeys.one(role.id), role);
      return invalidate(roleKeys.all, roleKeys.permissions, userKeys.all, meKeys.all, auditKeys.all);
    },
  });
}

/** Deletes a role, which takes it from its users. */
export function useDeleteRole() {
  const client = useClient();
  const cache = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"deleteRole">) => client.deleteRole(input),
    onSettled: (_nothing, error, { role_id }) => {
      if (error && !isProblem(error, "role_not_found")) return;
      forget(cache, roleKeys.one(role_id));
      return invalidate(roleKeys.lists, userKeys.all, meKeys.all, auditKeys.all);
    },
  });
}
