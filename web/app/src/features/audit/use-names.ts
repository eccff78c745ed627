import { useQuery } from "@tanstack/react-query";
import type { AuditEvent, User } from "@vestibule/client";
import { rolesQuery, usersQuery } from "@vestibule/client/query";
import { useMemo } from "react";
import { client, useMe, usePermissions } from "../../lib/session";

/** What to call a user or role, by its id, as far as that is known. */
export type Names = ReadonlyMap<string, string>;

/**
 * Names for the ids of events, from three lists whatever the number of events: all roles, the administrators, who do
 * most of what is worth a look, and the newest users; and of somebody who is known anyway. Everybody else is shown by the
 * id, as are those who are gone.
 */
export function useNames(known?: User): Names {
  const me = useMe();
  const holds = usePermissions();
  const people = { enabled: holds("users:read"), staleTime: 60_000 };
  const newest = useQuery({ ...usersQuery(client, { limit: 200 }), ...people }).data;
  const admins = useQuery({ ...usersQuery(client, { role: "admin", limit: 200 }), ...people }).data;
  const roles = useQuery({ ...rolesQuery(client), enabled: holds("roles:read") }).data;

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

/** The name of a role that may be gone, which its events have kept. */
export function roleNameIn(event: AuditEvent): string | undefined {
  const { name } = event.details as { name?: unknown };
  return event.target?.kind === "role" && typeof name === "string" ? name : undefined;
}
