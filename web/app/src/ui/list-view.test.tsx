// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { NetworkError } from "@vestibule/client";
import { afterEach, expect, it, vi } from "vitest";
import { EmptyState } from "./empty-state";
import { type Column, type ListQuery, ListView } from "./list-view";

afterEach(cleanup);

interface Role {
  name: string;
}

const columns: Column<Role>[] = [
  { key: "name", header: "Name", rowHeader: true, cell: (role) => role.name },
  {
    key: "actions",
    header: "Actions",
    hideHeader: true,
    cell: (role) => <button type="button">Edit {role.name}</button>,
  },
];

const settled: ListQuery = {
  isPending: false,
  isError: false,
  isFetching: false,
  isPlaceholderData: false,
  error: null,
  dataUpdatedAt: Date.now(),
  refetch: vi.fn(),
};
const failed = { ...settled, isError: true, error: new NetworkError(new TypeError("Failed to fetch")) };

function list(
  query: ListQuery,
  rows: Role[] | undefined,
  more: { clear?: () => void; open?: (role: Role) => void } = {},
) {
  return render(
    <ListView
      label="roles"
      query={query}
      rows={rows}
      rowKey={(role) => role.name}
      columns={columns}
      empty={<EmptyState title="No roles yet" />}
      onClearFilters={more.clear}
      onRowClick={more.open}
    />,
  );
}

it("shows a skeleton table while loading", () => {
  list({ ...settled, isPending: true, isFetching: true }, undefined);
  const table = screen.getByRole("table", { name: "roles" });
  expect(table.getAttribute("aria-busy")).toBe("true");
  expect(screen.getByRole("columnheader", { name: "Name" })).toBeDefined();
});

it("shows the empty state without rows", () => {
  list(settled, []);
  expect(screen.getByText("No roles yet")).toBeDefined();
});

it("offers to clear the filters without matching rows", () => {
  const clear = vi.fn();
  list(settled, [], { clear });
  expect(screen.getByText("No matching roles")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(clear).toHaveBeenCalledOnce();
});

it("shows a load error and retries", () => {
  const refetch = vi.fn();
  list({ ...failed, refetch }, undefined);
  expect(screen.getByRole("alert").textContent).toContain("Could not load roles");
  expect(screen.getByRole("alert").textContent).toContain("Check your connection");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
});

it("keeps the rows and shows a notice after a failed refresh", () => {
  list(failed, [{ name: "auditor" }]);
  expect(screen.getByRole("rowheader", { name: "auditor" })).toBeDefined();
  expect(screen.getByRole("status").textContent).toContain("Could not refresh");
});

it("keeps the previous rows while new filters load", () => {
  list({ ...settled, isFetching: true, isPlaceholderData: true }, []);
  expect(screen.queryByText("No roles yet")).toBeNull();
  expect(screen.getByRole("table").getAttribute("aria-busy")).toBe("true");
});

it("opens a row on click, but not on a click on a button in it", () => {
  const open = vi.fn();
  list(settled, [{ name: "auditor" }], { open });
  fireEvent.click(screen.getByRole("button", { name: "Edit auditor" }));
  expect(open).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("rowheader", { name: "auditor" }));
  expect(open).toHaveBeenCalledExactlyOnceWith({ name: "auditor" });
});
