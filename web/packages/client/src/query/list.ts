import { type InfiniteData, infiniteQueryOptions, keepPreviousData, type QueryKey } from "@tanstack/react-query";
import type { Page } from "../page.js";

/** All pages of a list that have been loaded so far. */
export type Pages<Item> = InfiniteData<Page<Item>, string | undefined>;

type Load<Item> = (position: { cursor: string | undefined; signal: AbortSignal }) => Promise<Page<Item>>;

/** A list that is read page by page; what was shown before stays while other filters load. */
export function pagesQuery<Item, Key extends QueryKey>(queryKey: Key, load: Load<Item>) {
  return infiniteQueryOptions<Page<Item>, Error, Pages<Item>, Key, string | undefined>({
    queryKey,
    queryFn: ({ pageParam, signal }) => load({ cursor: pageParam, signal }),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The items of all pages in one list. */
export function itemsOf<Item>(pages: Pages<Item> | undefined): Item[] {
  return pages?.pages.flatMap((page) => page.items) ?? [];
}

/** Reads a whole list that is known to be short. */
export async function everyItem<Item>(load: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
