"use client";

import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";

/** Returns a function that invalidates queries by key. It resolves when the queries in use have been refetched. */
export function useInvalidate(): (...keys: QueryKey[]) => Promise<void> {
  const queryClient = useQueryClient();
  return async (...keys) => {
    await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
}

/**
 * Removes the cached queries of a deleted resource. A query that a mounted component uses is removed after the
 * component unmounts, because the component would otherwise refetch it.
 */
export function removeDeleted(queryClient: QueryClient, queryKey: QueryKey): void {
  const queries = queryClient.getQueryCache();
  const inUse = new Set(queries.findAll({ queryKey, type: "active" }));
  queryClient.removeQueries({ queryKey, type: "inactive" });
  if (inUse.size === 0) return;
  const unsubscribe = queries.subscribe(({ type, query }) => {
    if (type !== "observerRemoved" || query.isActive() || !inUse.delete(query)) return;
    queries.remove(query);
    if (inUse.size === 0) unsubscribe();
  });
}
