/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The cursor of the next page; `null` on the last one. */
  readonly next: string | null;
  /** How many there are in all, told on the first page only. */
  readonly total: number | null;
  /** Whether `total` is only the bound up to which the server counts: there are at least so many. */
  readonly totalIsBound: boolean;
}

/** The page that an answer holds, with what its headers say about the whole list. */
export function pageFrom(items: readonly unknown[], headers: Headers): Page<unknown> {
  const total = headers.get("X-Total-Count");
  return {
    items,
    next: nextCursor(headers.get("Link")),
    total: total === null ? null : Number(total),
    totalIsBound: headers.get("X-Total-Count-Kind") === "at_least",
  };
}

/** The cursor in the link to the next page (RFC 8288). */
function nextCursor(link: string | null): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/)?.[1];
  return target === undefined ? null : new URLSearchParams(target.split("?")[1]).get("cursor");
}
