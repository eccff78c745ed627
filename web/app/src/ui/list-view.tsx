import type { ReactNode } from "react";
import { Button } from "./button";
import { Card } from "./card";
import { cx } from "./cx";
import { EmptyState } from "./empty-state";
import { ErrorState } from "./error-state";
import { RelativeTime } from "./relative-time";
import { Skeleton } from "./skeleton";

export interface Column<Row> {
  /** Unique in the list. */
  key: string;
  /** The heading; a string that is hidden when `hideHeader` is set. */
  header: string;
  hideHeader?: boolean;
  cell(row: Row): ReactNode;
  /** For the heading and the cells: width, alignment, `hidden md:table-cell` to leave it out where it is narrow. */
  className?: string;
  /** The cell that names the row: it becomes the row's heading for screen readers. */
  rowHeader?: boolean;
}

/** What a query of TanStack Query knows; a `useQuery` or `useInfiniteQuery` result fits as it is. */
export interface ListQuery {
  isPending: boolean;
  isError: boolean;
  isFetching: boolean;
  isPlaceholderData: boolean;
  /** Set while the shown rows are older than a refresh that failed. */
  error: unknown;
  dataUpdatedAt: number;
  refetch(): unknown;
}

interface ListViewProps<Row> {
  /** What the list holds, for screen readers and messages: "users". */
  label: string;
  query: ListQuery;
  rows: readonly Row[] | undefined;
  rowKey(row: Row): string;
  columns: readonly Column<Row>[];
  /** Shown when there is nothing at all. */
  empty: ReactNode;
  /** Given while a search or a filter is set: how to undo it. Then an empty list says so. */
  onClearFilters?: () => void;
  /** Makes rows that are pressed do something; the row's heading must hold a link or button that does the same. */
  onRowClick?: (row: Row) => void;
  /** Marks a row, such as the one whose details are open. */
  isSelected?(row: Row): boolean;
  /** Under the rows: `ListFooter`. */
  footer?: ReactNode;
}

/**
 * Every list of the app, in one of its five states: loading (a skeleton), empty, empty because of a
 * filter, failed (with another try), and shown, perhaps stale. So no page decides for itself what these
 * look like.
 */
export function ListView<Row>(props: ListViewProps<Row>) {
  const { label, query, rows, empty, onClearFilters } = props;

  if (rows === undefined && query.isError) {
    return (
      <Card>
        <ErrorState
          title={`Could not load the ${label}`}
          error={query.error}
          onRetry={() => query.refetch()}
          retrying={query.isFetching}
        />
      </Card>
    );
  }

  if (rows?.length === 0 && !query.isPlaceholderData) {
    return (
      <Card>
        {onClearFilters ? (
          <EmptyState
            title={`No ${label} match`}
            description="Nothing fits the search and filters together."
            action={<Button onClick={onClearFilters}>Clear search and filters</Button>}
          />
        ) : (
          empty
        )}
      </Card>
    );
  }

  return (
    <>
      {query.isError && <StaleNotice query={query} />}
      <Card className="overflow-hidden">
        <Table {...props} />
        {props.footer}
      </Card>
    </>
  );
}

/** Says that what is shown could not be brought up to date. */
function StaleNotice({ query }: { query: ListQuery }) {
  return (
    <div
      role="status"
      className="mb-3 flex items-center justify-between gap-3 rounded-md bg-warning-soft px-3 py-1.5 text-sm"
    >
      <span>
        Could not refresh. This is as of <RelativeTime value={new Date(query.dataUpdatedAt).toISOString()} />.
      </span>
      <Button variant="quiet" size="sm" busy={query.isFetching} onClick={() => query.refetch()}>
        Try again
      </Button>
    </div>
  );
}

function Table<Row>({ label, query, rows, rowKey, columns, onRowClick, isSelected }: ListViewProps<Row>) {
  return (
    <div className="relative overflow-x-auto">
      <table
        aria-label={label}
        aria-busy={query.isPending || query.isPlaceholderData}
        className="w-full border-collapse text-left text-sm"
      >
        <thead>
          <tr className="border-line border-b">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={cx(cellClass, "h-9 font-medium text-muted text-xs", column.className)}
              >
                {column.hideHeader ? <span className="sr-only">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={cx("transition-opacity", query.isPlaceholderData && "opacity-55")}>
          {rows === undefined ? (
            <SkeletonRows columns={columns} />
          ) : (
            rows.map((row) => (
              <tr
                key={rowKey(row)}
                // The press is a shortcut for the pointer; the heading's own link serves the keyboard.
                onClick={onRowClick && ((event) => isOwnClick(event) && onRowClick(row))}
                className={cx(
                  "h-11 border-line border-b last:border-b-0",
                  onRowClick && "cursor-pointer hover:bg-hover",
                  isSelected?.(row) && "bg-accent-soft",
                )}
              >
                {columns.map((column) => {
                  const Cell = column.rowHeader ? "th" : "td";
                  return (
                    <Cell
                      key={column.key}
                      {...(column.rowHeader && { scope: "row" })}
                      className={cx(cellClass, "py-1.5 font-normal", column.className)}
                    >
                      {column.cell(row)}
                    </Cell>
                  );
                })}
              </tr>
            ))
          )}
        </tbody>
      </table>
    </div>
  );
}

const cellClass = "px-2 first:pl-4 last:pr-4";

/** Whether a press was on the row itself, and not on something in it, nor the end of selecting text. */
function isOwnClick(event: React.MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement;
  return (
    !target.closest("a, button, input, label") &&
    event.currentTarget.contains(target) &&
    getSelection()?.isCollapsed !== false
  );
}

const skeletonWidths = ["w-3/5", "w-2/5", "w-1/2", "w-1/3", "w-2/3", "w-7/12", "w-1/4", "w-5/12"];

function SkeletonRows<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return skeletonWidths.map((width) => (
    <tr key={width} className="h-11 border-line border-b last:border-b-0">
      {columns.map((column) => (
        <td key={column.key} className={cx(cellClass, column.className)}>
          {!column.hideHeader && <Skeleton className={width} />}
        </td>
      ))}
    </tr>
  ));
}
