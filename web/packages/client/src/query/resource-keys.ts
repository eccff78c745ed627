/**
 * Returns the query keys of a resource. Each key begins with those to its left: `all` → `lists` → `pages` → `page`, and
 * `all` → `detail`. Its data is removed when the user signs out.
 */
export function resourceKeys<Filters extends object>(name: string) {
  const all = ["vestibule", name] as const;
  const lists = [...all, "list"] as const;
  const pages = [...lists, "page"] as const;
  const infiniteLists = [...lists, "infinite"] as const;
  return {
    all,
    lists,
    pages,
    page: (filters: Filters) => [...pages, filters] as const,
    infiniteLists,
    infiniteList: (filters: Filters) => [...infiniteLists, filters] as const,
    detail: (id: string) => [...all, "detail", id] as const,
  };
}
