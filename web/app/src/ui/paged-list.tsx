import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { itemsOf, type Pages } from "@vestibule/client/query";
import type { ComponentProps } from "react";
import { ListFooter } from "./list-footer";
import { ListView } from "./list-view";

interface PagedListProps<Row>
  extends Omit<ComponentProps<typeof ListView<Row>>, "query" | "rows" | "rowKey" | "footer"> {
  query: UseInfiniteQueryResult<Pages<Row>>;
}

/** A `ListView` of a query that loads page by page. */
export function PagedList<Row extends { id: string }>({ query, ...rest }: PagedListProps<Row>) {
  const rows = query.data && itemsOf(query.data);
  return (
    <ListView
      {...rest}
      query={query}
      rows={rows}
      rowKey={(row) => row.id}
      footer={rows && <ListFooter query={query} />}
    />
  );
}
