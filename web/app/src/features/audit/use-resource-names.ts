import { useQueries } from "@tanstack/react-query";
import type { AuditEvent, User } from "@vestibule/client";
import type { Pages } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import { useMemo } from "react";
import { findResourceKind, MAX_IDS, type ResourceKindName } from "../../lib/resources";
import { useCan } from "../../lib/session";
import { namesQuery } from "../../lib/use-references";

/** The known names of resources, by ID. */
export type ResourceNames = ReadonlyMap<string, string>;

/**
 * Returns names for the IDs in audit events. For each page of events, loads the names that are not known yet with one
 * request for each kind of resource. Deleted resources have no name. `known` adds a user that is already loaded.
 */
export function useResourceNames(events: Pages<AuditEvent> | undefined, known?: User): ResourceNames {
  const me = useMe();
  const can = useCan();
  const knownUsers = useMemo(() => [me, ...(known ? [known] : [])], [me, known]);
  const lookups = useMemo(() => {
    const knownIds = knownUsers.map(({ id }) => id);
    return listLookups(events?.pages.map(({ items }) => items) ?? [], knownIds);
  }, [events, knownUsers]);
  const loaded = useQueries({
    queries: lookups
      .filter(({ kind }) => can(findResourceKind(kind)?.permission ?? ""))
      .map(({ kind, ids }) => namesQuery(kind, ids)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });

  return useMemo(
    () =>
      new Map([
        ...knownUsers.map(({ id, email }) => [id, email] as const),
        ...loaded.map(({ id, name }) => [id, name] as const),
      ]),
    [knownUsers, loaded],
  );
}

interface Lookup {
  kind: ResourceKindName;
  ids: string[];
}

/** Lists the IDs in each page of events that are neither known nor in a page before it, by kind and in chunks. */
export function listLookups(pages: readonly (readonly AuditEvent[])[], known: readonly string[]): Lookup[] {
  const seen = new Set(known);
  return pages.flatMap((events) => {
    const byKind = new Map<ResourceKindName, string[]>();
    for (const { kind, id } of events.flatMap(({ actor, target }) => [actor, target ?? { kind: "", id: null }])) {
      if (id === null || seen.has(id) || !findResourceKind(kind)) continue;
      seen.add(id);
      byKind.set(kind as ResourceKindName, [...(byKind.get(kind as ResourceKindName) ?? []), id]);
    }
    return [...byKind].flatMap(([kind, ids]) => chunk(ids, MAX_IDS).map((ids) => ({ kind, ids })));
  });
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Returns the name of the target in the details of an event, which also have it for deleted resources. */
export function getTargetName({ target, details }: AuditEvent): string | undefined {
  const { name } = details as { name?: unknown };
  return target && target.kind !== "user" && typeof name === "string" ? name : undefined;
}
