import { type InfiniteData, infiniteQueryOptions, keepPreviousData, type QueryKey } from "@tanstack/react-query";
import type { InputOf, OperationName } from "../operations.js";
import type { Page } from "../page.js";

/** The parameters of a list without those that the cache sets: the filters, the order and the page size. */
export type FiltersOf<Name extends OperationName> = Omit<InputOf<Name>, "cursor" | "signal">;

/** The loaded pages of an infinite query. */
export type Pages<Item> = InfiniteData<Page<Item>, string | undefined>;

type LoadPage<Item> = (position: { cursor: string | undefined; signal: AbortSignal }) => Promise<Page<Item>>;

/** Returns options for a list that is loaded page by page. Previous data is shown while new filters load. */
export function infiniteListQuery<Item, Key extends QueryKey>(queryKey: Key, loadPage: LoadPage<Item>) {
  return infiniteQueryOptions<Page<Item>, Error, Pages<Item>, Key, string | undefined>({
    queryKey,
    queryFn: ({ pageParam, signal }) => loadPage({ cursor: pageParam, signal }),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Returns the items of all loaded pages in one array, which is empty before the first page has loaded. */
export function itemsOf<Item>(pages: Pages<Item> | undefined): Item[] {
  return pages?.pages.flatMap((page) => page.items) ?? [];
}

/** Loads all pages of a list one after another. Use it for short lists only. */
export async function loadAllPages<Item>(load: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
