/** One page of a paginated list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The cursor of the next page; `null` on the last page. */
  readonly next: string | null;
  /** The number of items in the whole list, up to a limit of the server; `null` on all pages but the first. */
  readonly total: number | null;
  /** True if the server stopped counting at `total`: the list has at least that many items. */
  readonly totalIsLowerBound: boolean;
}

/** Builds a page from the items of a response and its headers `Link`, `X-Total-Count` and `X-Total-Count-Kind`. */
export function pageFrom(items: readonly unknown[], headers: Headers): Page<unknown> {
  const total = headers.get("X-Total-Count");
  return {
    items,
    next: nextCursor(headers.get("Link")),
    total: total === null ? null : Number(total),
    totalIsLowerBound: headers.get("X-Total-Count-Kind") === "at_least",
  };
}

/** Returns the cursor in the `Link` header (RFC 8288) with `rel="next"`. */
function nextCursor(link: string | null): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/)?.[1];
  return target === undefined ? null : new URLSearchParams(target.split("?")[1]).get("cursor");
}
