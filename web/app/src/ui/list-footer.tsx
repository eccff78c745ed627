import { Button } from "./button";

interface ListFooterProps {
  shown: number;
  /** How many there are; `atLeast` when counting stopped there. */
  total?: { count: number; atLeast: boolean };
  hasMore: boolean;
  loadingMore: boolean;
  /** Set when the last attempt to load more failed. */
  failed?: boolean;
  onLoadMore(): void;
}

const number = new Intl.NumberFormat();

/** "10,000+" where counting stopped at the bound. */
export function formatTotal(total: { count: number; atLeast: boolean }): string {
  return number.format(total.count) + (total.atLeast ? "+" : "");
}

/** Under a list: how much of it is shown, and a button for more. */
export function ListFooter({ shown, total, hasMore, loadingMore, failed = false, onLoadMore }: ListFooterProps) {
  return (
    <div className="flex min-h-11 items-center justify-between gap-3 border-line border-t px-4 py-1.5 text-muted text-sm">
      <span role="status">
        {total ? `${number.format(shown)} of ${formatTotal(total)}` : `${number.format(shown)} shown`}
        {failed && <span className="text-danger-text"> · Could not load more</span>}
      </span>
      {hasMore && (
        <Button size="sm" busy={loadingMore} onClick={onLoadMore}>
          {failed ? "Try again" : "Load more"}
        </Button>
      )}
    </div>
  );
}
