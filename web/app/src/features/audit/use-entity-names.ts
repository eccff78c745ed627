import { useQuery } from "@tanstack/react-query";
import type { AuditEvent, User } from "@vestibule/client";
import { rolesQuery, usersQuery } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import { useMemo } from "react";
import { client, useCan } from "../../lib/session";

/** The known names of users and roles, by ID. */
export type EntityNames = ReadonlyMap<string, string>;

/**
 * Returns names for the IDs in audit events. Loads three lists regardless of the number of events: all roles, the
 * administrators, who cause most events, and the newest users. `known` adds a user that is already loaded. Other and
 * deleted users are shown by ID.
 */
export function useEntityNames(known?: User): EntityNames {
  const me = useMe();
  const can = useCan();
  const options = { enabled: can("users:read"), staleTime: 60_000 };
  const newest = useQuery({ ...usersQuery(client, { limit: 200 }), ...options }).data;
  const admins = useQuery({ ...usersQuery(client, { role: "admin", limit: 200 }), ...options }).data;
  const roles = useQuery({ ...rolesQuery(client), enabled: can("roles:read") }).data;

  return useMemo(
    () =>
      new Map([
        ...[...(newest?.items ?? []), ...(admins?.items ?? []), me, ...(known ? [known] : [])].map(
          ({ id, email }) => [id, email] as const,
        ),
        ...(roles ?? []).map(({ id, name }) => [id, name] as const),
      ]),
    [newest, admins, roles, me, known],
  );
}

/** Returns the name of a role from the details of an event, which also have it for deleted roles. */
export function getRoleName(event: AuditEvent): string | undefined {
  const { name } = event.details as { name?: unknown };
  return event.target?.kind === "role" && typeof name === "string" ? name : undefined;
}
