// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { toast, toastStore } from "./toast";
import { Toaster } from "./toaster";

beforeEach(() => {
  vi.useFakeTimers();
  render(<Toaster />);
});

afterEach(() => {
  cleanup();
  for (const { id } of toastStore.get()) toastStore.dismiss(id);
  vi.useRealTimers();
});

const wait = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

it("shows a toast in a live region, then removes it", () => {
  act(() => toast.success("Name saved"));
  expect(screen.getByRole("region", { name: "Notifications" }).textContent).toContain("Name saved");
  wait(5000);
  expect(screen.queryByText("Name saved")).toBeNull();
});

it("keeps a toast while hovered", () => {
  act(() => toast.success("Name saved"));
  fireEvent.pointerEnter(screen.getByRole("region"));
  wait(60_000);
  expect(screen.getByText("Name saved")).toBeDefined();
  fireEvent.pointerLeave(screen.getByRole("region"));
  wait(5000);
  expect(screen.queryByText("Name saved")).toBeNull();
});

it("runs the action once and removes the toast", () => {
  const undo = vi.fn();
  act(() => toast.success("Disabled ana@example.com", { label: "Undo", run: undo }));
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByText("Disabled ana@example.com")).toBeNull();
});

it("keeps the newest four toasts", () => {
  act(() => {
    for (const number of [1, 2, 3, 4, 5]) toast.success(`Done ${number}`);
  });
  expect(screen.queryByText("Done 1")).toBeNull();
  expect(screen.getAllByRole("button", { name: "Dismiss" })).toHaveLength(4);
});
