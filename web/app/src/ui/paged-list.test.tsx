// @vitest-environment jsdom
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import type { Pages } from "@vestibule/client/query";
import { afterEach, expect, it } from "vitest";
import { PagedList } from "./paged-list";

afterEach(cleanup);

function list(total: number | null, totalIsLowerBound = false) {
  const page = { items: [{ id: "u1" }], next: null, total, totalIsLowerBound };
  const query = { data: { pages: [page], pageParams: [undefined] } } as unknown as UseInfiniteQueryResult<
    Pages<{ id: string }>
  >;
  return render(<PagedList label="users" query={query} columns={[]} empty={null} />);
}

it.each([
  [1234, false, "1,234 users"],
  [10_000, true, "10,000+ users"],
  [1, false, "1 result"],
])("shows the total %i above the list", (total, isLowerBound, text) => {
  list(total, isLowerBound);
  expect(screen.getByText(text)).toBeDefined();
});

it("shows no total that the server has not counted", () => {
  list(null);
  expect(screen.queryByText(/users$/)).toBeNull();
});
