import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { itemsOf, type Pages } from "@vestibule/client/query";
import type { ComponentProps } from "react";
import { formatTotal, ListFooter } from "./list-footer";
import { ListView } from "./list-view";

interface PagedListProps<Row>
  extends Omit<ComponentProps<typeof ListView<Row>>, "query" | "rows" | "rowKey" | "footer"> {
  query: UseInfiniteQueryResult<Pages<Row>>;
}

/** A `ListView` of a query that loads page by page, with the total number of items above it. */
export function PagedList<Row extends { id: string }>({ query, ...rest }: PagedListProps<Row>) {
  const rows = query.data && itemsOf(query.data);
  return (
    <>
      {rows?.length !== 0 && <Total label={rest.label} query={query} />}
      <ListView
        {...rest}
        query={query}
        rows={rows}
        rowKey={(row) => row.id}
        footer={rows && <ListFooter query={query} />}
      />
    </>
  );
}

/** Reserves its space while the list is loading, unless the server does not count the items. */
function Total({ label, query: { data, isPending } }: { label: string; query: PagedListProps<unknown>["query"] }) {
  const total = formatTotal(data);
  if (total === null && !isPending) return null;
  return (
    <p className="mb-2 min-h-5 text-muted text-sm tabular-nums">
      {total !== null && (total === "1" ? "1 result" : `${total} ${label}`)}
    </p>
  );
}
