// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SearchField } from "./search-field";

const onSearch = vi.fn();
const field = (value: string) => <SearchField label="Search" placeholder="" value={value} onSearch={onSearch} />;
const input = () => screen.getByLabelText<HTMLInputElement>("Search");
const type = (value: string) => fireEvent.change(input(), { target: { value } });
const wait = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

beforeEach(() => vi.useFakeTimers());

afterEach(() => {
  cleanup();
  onSearch.mockClear();
  vi.useRealTimers();
});

it("debounces the search while typing", () => {
  render(field(""));
  type("a");
  wait(80);
  type("an");
  wait(80);
  expect(onSearch).not.toHaveBeenCalled();
  wait(20);
  expect(onSearch).toHaveBeenCalledExactlyOnceWith("an");
});

it("searches immediately on Enter, and only once", () => {
  render(field(""));
  type(" ana ");
  fireEvent.keyDown(input(), { key: "Enter" });
  wait(1000);
  expect(onSearch).toHaveBeenCalledExactlyOnceWith("ana");
});

it("keeps newer input when an earlier search arrives", () => {
  const { rerender } = render(field(""));
  type("an");
  wait(100);
  type("ana");
  rerender(field("an"));
  expect(input().value).toBe("ana");
  wait(100);
  expect(onSearch).toHaveBeenLastCalledWith("ana");
});

it("follows an external change, such as the back button", () => {
  const { rerender } = render(field("ana"));
  rerender(field("bo"));
  expect(input().value).toBe("bo");
  wait(1000);
  expect(onSearch).not.toHaveBeenCalled();
});

it("is cleared by Escape and by its button, and keeps the focus", () => {
  render(field("ana"));
  fireEvent.click(screen.getByRole("button", { name: "Clear search" }));
  expect(onSearch).toHaveBeenCalledExactlyOnceWith(undefined);
  expect(document.activeElement).toBe(input());
  type("bo");
  fireEvent.keyDown(input(), { key: "Escape" });
  expect(input().value).toBe("");
});
