import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Lets go of what is cached about something that is gone. What is on the screen is kept until it has left it, because
 * whoever shows it would ask for it again.
 */
export function forget(cache: QueryClient, queryKey: QueryKey): void {
  const queries = cache.getQueryCache();
  const shown = new Set(queries.findAll({ queryKey, type: "active" }));
  cache.removeQueries({ queryKey, type: "inactive" });
  if (shown.size === 0) return;
  const stop = queries.subscribe(({ type, query }) => {
    if (type !== "observerRemoved" || query.isActive() || !shown.delete(query)) return;
    queries.remove(query);
    if (shown.size === 0) stop();
  });
}
