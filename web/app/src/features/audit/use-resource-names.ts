import { useQueries, useQuery } from "@tanstack/react-query";
import type { AuditEvent, User } from "@vestibule/client";
import { usersQuery } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import { useMemo } from "react";
import { type ResourceKind, resourceKinds } from "../../lib/resources";
import { client, useCan } from "../../lib/session";

/** The known names of resources, by ID. */
export type ResourceNames = ReadonlyMap<string, string>;

/**
 * Returns names for the IDs in audit events. Loads a few lists regardless of the number of events: the administrators,
 * who cause most events, the newest users, and the first resources of each other kind in the events. `known` adds a user
 * that is already loaded. Other and deleted resources are shown by ID.
 */
export function useResourceNames(events: readonly AuditEvent[], known?: User): ResourceNames {
  const me = useMe();
  const can = useCan();
  const options = { enabled: can("users:read"), staleTime: 60_000 };
  const newest = useQuery({ ...usersQuery(client, { limit: 200 }), ...options }).data;
  const admins = useQuery({ ...usersQuery(client, { role: "admin", limit: 200 }), ...options }).data;
  const kinds = new Set(events.map(({ target }) => target?.kind));
  const others = useQueries({
    queries: Object.entries<ResourceKind>(resourceKinds)
      .filter(([kind, { permission }]) => kind !== "user" && kinds.has(kind) && can(permission))
      .map(([kind, { search }]) => ({
        queryKey: ["vestibule", "references", "names", kind],
        queryFn: () => search(""),
        staleTime: 60_000,
      })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });

  return useMemo(() => {
    const users = [...(newest?.items ?? []), ...(admins?.items ?? []), me, ...(known ? [known] : [])];
    return new Map([
      ...users.map(({ id, email }) => [id, email] as const),
      ...others.map(({ id, name }) => [id, name] as const),
    ]);
  }, [newest, admins, others, me, known]);
}

/** Returns the name of the target in the details of an event, which also have it for deleted resources. */
export function getTargetName({ target, details }: AuditEvent): string | undefined {
  const { name } = details as { name?: unknown };
  return target && target.kind !== "user" && typeof name === "string" ? name : undefined;
}
