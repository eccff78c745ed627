// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Field } from "./field";
import { ReferenceInput } from "./reference-input";

// The search waits for the end of typing.
configure({ asyncUtilTimeout: 5_000 });

const { permissions, search, names } = vi.hoisted(() => ({
  permissions: new Set<string>(),
  search: vi.fn(),
  names: vi.fn(),
}));

vi.mock("../lib/session", () => ({ useCan: () => (permission: string) => permissions.has(permission) }));
vi.mock("../lib/resources", () => ({ resourceKinds: { user: { permission: "users:read", search, names } } }));

const ana = { id: "01933b1e-7c00-7000-8000-000000000001", name: "ana@example.com", detail: "Ana" };
const bo = { id: "01933b1e-7c00-7000-8000-000000000002", name: "bo@example.com" };

beforeEach(() => {
  permissions.add("users:read");
  search.mockImplementation(async (text: string) => [ana, bo].filter(({ name }) => name.startsWith(text)));
  names.mockImplementation(async (ids: string[]) => [ana, bo].filter(({ id }) => ids.includes(id)));
});

afterEach(() => {
  cleanup();
  permissions.clear();
  vi.resetAllMocks();
});

const onChange = vi.fn();

function OwnerField({ initial = "" }: { initial?: string }) {
  const [value, setValue] = useState(initial);
  return (
    <Field label="Owner">
      <ReferenceInput
        kind="user"
        value={value}
        onChange={(id) => {
          onChange(id);
          setValue(id);
        }}
      />
    </Field>
  );
}

function mount(initial?: string) {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <OwnerField initial={initial} />
    </QueryClientProvider>,
  );
}

const input = () => screen.getByLabelText<HTMLInputElement>("Owner");

it("searches while typing and selects with the keyboard", async () => {
  mount();
  expect(input().getAttribute("role")).toBe("combobox");
  await userEvent.type(input(), "bo");
  await screen.findByRole("option", { name: "bo@example.com" });
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  expect(input().getAttribute("aria-expanded")).toBe("true");
  await waitFor(() => expect(input().getAttribute("aria-activedescendant")).toBe(screen.getByRole("option").id));
  await userEvent.keyboard("{Enter}");
  expect(onChange).toHaveBeenCalledExactlyOnceWith(bo.id);
  await waitFor(() => expect(input().value).toBe(bo.name));
  expect(names).not.toHaveBeenCalled();
});

it("shows the name of the selected resource, and can be cleared", async () => {
  mount(ana.id);
  await waitFor(() => expect(input().value).toBe(ana.name));
  await userEvent.click(screen.getByRole("button", { name: "Clear" }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith("");
  expect(input().value).toBe("");
});

it("restores the name after a search without a selection", async () => {
  mount(ana.id);
  await waitFor(() => expect(input().value).toBe(ana.name));
  await userEvent.type(input(), "x");
  await screen.findByText("No matches. Try a different search.");
  await userEvent.keyboard("{Escape}");
  await userEvent.tab();
  await waitFor(() => expect(input().value).toBe(ana.name));
  expect(onChange).not.toHaveBeenCalled();
});

it("shows the ID of a resource that does not exist", async () => {
  names.mockResolvedValue([]);
  mount(ana.id);
  await waitFor(() => expect(input().value).toBe(ana.id));
});

it("finds an ID that the search does not", async () => {
  mount();
  await userEvent.click(input());
  await userEvent.paste(bo.id);
  await userEvent.click(await screen.findByRole("option", { name: bo.id }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith(bo.id);
});

it("accepts an ID without the permission to search", async () => {
  permissions.clear();
  mount();
  await userEvent.type(input(), "x");
  expect(input().getAttribute("role")).toBeNull();
  expect(onChange).toHaveBeenCalledExactlyOnceWith("x");
  expect(search).not.toHaveBeenCalled();
});
