import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { itemsOf, type Pages } from "@vestibule/client/query";
import { formatNumber } from "../lib/format";
import { Button } from "./button";

/** Formats the total of a list: "1,234", "10,000+" if the server stopped counting, or `null` if it did not count. */
export function formatTotal(pages: Pages<unknown> | undefined): string | null {
  const first = pages?.pages[0];
  return first?.total == null ? null : formatNumber(first.total) + (first.totalIsLowerBound ? "+" : "");
}

/** The number of rows shown, the total and a button to load more. */
export function ListFooter({ query }: { query: UseInfiniteQueryResult<Pages<unknown>> }) {
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError: failed, fetchNextPage } = query;
  const shown = formatNumber(itemsOf(data).length);
  const total = formatTotal(data);

  return (
    <div className="flex min-h-11 items-center justify-between gap-3 border-line border-t px-4 py-1.5 text-muted text-sm">
      <span role="status">
        {total ? `${shown} of ${total}` : `${shown} shown`}
        {failed && <span className="text-danger-text"> · Could not load more</span>}
      </span>
      {hasNextPage && (
        <Button size="sm" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {failed ? "Try again" : "Load more"}
        </Button>
      )}
    </div>
  );
}
