import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Reference, type ResourceKind, type ResourceKindName, resourceKinds } from "./resources";
import { useCan } from "./session";
import { useDebouncedValue } from "./use-debounced-value";
import { isUuid } from "./uuid";

/** The resources that a reference can have: those of a kind, or all. */
export type ReferenceKind = ResourceKindName | "any";

/** The prefix of the query keys, which is removed when the user signs out. */
const key = ["vestibule", "references"] as const;

/** Returns the kinds that the current user is allowed to read. */
export function useReadableKinds(kind: ReferenceKind): ResourceKind[] {
  const can = useCan();
  const kinds: ResourceKind[] = kind === "any" ? Object.values(resourceKinds) : [resourceKinds[kind]];
  return kinds.filter(({ permission }) => can(permission));
}

/** Query options for the references of a kind with these IDs, as far as they exist. */
export const namesQuery = (kind: ResourceKindName, ids: readonly string[]) =>
  queryOptions({
    queryKey: [...key, "names", kind, ids],
    queryFn: () => resourceKinds[kind].names(ids),
    staleTime: 60_000,
  });

/** Searches for references on the server. An ID without a match is a result too. */
export function useReferenceSearch(kind: ReferenceKind, typed: string, enabled: boolean) {
  const kinds = useReadableKinds(kind);
  const text = useDebouncedValue(typed.trim(), 120);
  const query = useQuery({
    queryKey: [...key, "search", kind, text],
    queryFn: async () => {
      if (isUuid(text)) return [{ id: text.toLowerCase(), name: text }];
      return (await Promise.all(kinds.map(({ search }) => search(text)))).flat();
    },
    enabled,
    placeholderData: keepPreviousData,
  });
  return { ...query, searching: query.isFetching || text !== typed.trim() };
}

/** Loads the reference with an ID, `null` for an empty one. It has the ID as its name if it is unknown. */
export function useReference(kind: ReferenceKind, id: string, known?: ReadonlyMap<string, string>) {
  const queryClient = useQueryClient();
  const kinds = useReadableKinds(kind);
  const knownName = known?.get(id);
  const { data, isLoading } = useQuery({
    queryKey: [...key, kind, id],
    queryFn: async () => (await Promise.all(kinds.map(({ names }) => names([id])))).flat()[0] ?? null,
    enabled: id !== "" && knownName === undefined,
    retry: false,
    staleTime: 60_000,
  });
  const name = data?.name ?? knownName ?? (isLoading ? "Loading…" : id);
  return {
    // The same object until it changes, because the input shows the name of a new one.
    reference: useMemo((): Reference | null => (id === "" ? null : { id, name }), [id, name]),
    /** Adds a reference to the cache that a search has found. */
    remember: (found: Reference) => queryClient.setQueryData([...key, kind, found.id], found),
  };
}
