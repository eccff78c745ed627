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
  /** The column heading; only for screen readers if `hideHeader` is set. */
  header: string;
  hideHeader?: boolean;
  cell(row: Row): ReactNode;
  /** For the heading and the cells: width, alignment, or `hidden md:table-cell` to hide it on narrow screens. */
  className?: string;
  /** Makes the cell the row heading for screen readers. */
  rowHeader?: boolean;
}

/** The `className` of a column that narrow screens hide. */
export const wideCell = "hidden whitespace-nowrap md:table-cell";

/** The `className` of a column of text of any length that narrow screens hide. */
export const wideTextCell = "hidden max-w-48 truncate md:table-cell";

/** The `className` of a column of numbers that narrow screens hide. */
export const wideNumberCell = "hidden whitespace-nowrap text-right tabular-nums md:table-cell";

/** The state of a query: a `useQuery` or `useInfiniteQuery` result. */
export interface ListQuery {
  isPending: boolean;
  isError: boolean;
  isFetching: boolean;
  isPlaceholderData: boolean;
  /** Also set if rows are present but the last refresh failed. */
  error: unknown;
  dataUpdatedAt: number;
  refetch(): unknown;
}

interface ListViewProps<Row> {
  /** The plural name of the items, for screen readers and messages: "users". */
  label: string;
  query: ListQuery;
  rows: readonly Row[] | undefined;
  rowKey(row: Row): string;
  columns: readonly Column<Row>[];
  /** Shown if there are no items and no filters. */
  empty: ReactNode;
  /** Clears the search and filters. Pass it only while some are set; an empty list then offers to clear them. */
  onClearFilters?: () => void;
  /** Handles clicks on a row. The row heading must contain a link or button that does the same. */
  onRowClick?: (row: Row) => void;
  /** Highlights a row, such as the one whose details are open. */
  isSelected?(row: Row): boolean;
  /** Shown below the rows: `ListFooter`. */
  footer?: ReactNode;
}

/**
 * The table for every list of the app. Covers all states: loading (a skeleton), empty, no match for the filters, failed
 * (with a retry button) and loaded, with a notice if the last refresh failed.
 */
export function ListView<Row>(props: ListViewProps<Row>) {
  const { label, query, rows, empty, onClearFilters } = props;

  if (rows === undefined && query.isError) {
    return (
      <Card>
        <ErrorState
          title={`Could not load ${label}`}
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
            title={`No matching ${label}`}
            description="Try a different search or remove a filter."
            action={<Button onClick={onClearFilters}>Clear filters</Button>}
          />
        ) : (
          empty
        )}
      </Card>
    );
  }

  return (
    <>
      {query.isError && <RefreshErrorNotice query={query} />}
      <Card className="overflow-hidden">
        <Table {...props} />
        {props.footer}
      </Card>
    </>
  );
}

/** Warns that the rows are outdated because the last refresh failed. */
function RefreshErrorNotice({ query }: { query: ListQuery }) {
  return (
    <div
      role="status"
      className="mb-3 flex items-center justify-between gap-3 rounded-md bg-warning-soft px-3 py-1.5 text-sm"
    >
      <span>
        Could not refresh. Last updated <RelativeTime value={new Date(query.dataUpdatedAt).toISOString()} />.
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
                // A shortcut for pointers only; keyboard users have the link in the row heading.
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

/** Checks that a click hit the row itself, not a control in it, and did not end a text selection. */
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
