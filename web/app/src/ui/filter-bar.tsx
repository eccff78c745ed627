import type { ReactNode } from "react";

/** The row above a list: its `SearchField`, its filters and its `SortSelect`. */
export function FilterBar({ children }: { children: ReactNode }) {
  return <div className="mb-3 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">{children}</div>;
}
