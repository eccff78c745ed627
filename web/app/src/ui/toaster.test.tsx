// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { toast, toasts } from "./toast";
import { Toaster } from "./toaster";

beforeEach(() => {
  vi.useFakeTimers();
  render(<Toaster />);
});

afterEach(() => {
  cleanup();
  for (const { id } of toasts.get()) toasts.dismiss(id);
  vi.useRealTimers();
});

const wait = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

it("shows what was done for a while, in a live region", () => {
  act(() => toast.done("Name saved"));
  expect(screen.getByRole("region", { name: "Notifications" }).textContent).toContain("Name saved");
  wait(5000);
  expect(screen.queryByText("Name saved")).toBeNull();
});

it("stays while the pointer is on it", () => {
  act(() => toast.done("Name saved"));
  fireEvent.pointerEnter(screen.getByRole("region"));
  wait(60_000);
  expect(screen.getByText("Name saved")).toBeDefined();
  fireEvent.pointerLeave(screen.getByRole("region"));
  wait(5000);
  expect(screen.queryByText("Name saved")).toBeNull();
});

it("carries an action out once and goes", () => {
  const undo = vi.fn();
  act(() => toast.done("Disabled ana@example.com", { label: "Undo", run: undo }));
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByText("Disabled ana@example.com")).toBeNull();
});

it("keeps the newest four", () => {
  act(() => {
    for (const number of [1, 2, 3, 4, 5]) toast.done(`Done ${number}`);
  });
  expect(screen.queryByText("Done 1")).toBeNull();
  expect(screen.getAllByRole("button", { name: "Dismiss" })).toHaveLength(4);
});
