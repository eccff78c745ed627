import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { itemsOf, type Pages } from "@vestibule/client/query";
import { formatNumber } from "../lib/format";
import { Button } from "./button";

/** The number of rows shown, the total ("10,000+" if the server stopped counting) and a button to load more. */
export function ListFooter({ query }: { query: UseInfiniteQueryResult<Pages<unknown>> }) {
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError: failed, fetchNextPage } = query;
  const shown = formatNumber(itemsOf(data).length);
  const first = data?.pages[0];
  const total = first?.total != null && formatNumber(first.total) + (first.totalIsLowerBound ? "+" : "");

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
