// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { ProblemError } from "@vestibule/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ThrottleNotice, useThrottle } from "./throttle-notice";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function refusal(seconds: number) {
  const response = new Response(null, { status: 429, headers: { "Retry-After": String(seconds) } });
  return new ProblemError(response, { code: "too_many_requests", detail: "Too many attempts" });
}

function Form({ failure }: { failure: unknown }) {
  const left = useThrottle(failure);
  return (
    <>
      <ThrottleNotice failure={failure} left={left} />
      <button type="submit" disabled={left > 0}>
        Sign in
      </button>
    </>
  );
}

const text = () => screen.getByRole("status").textContent;
const wait = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1000));
const isDisabled = () => screen.getByRole<HTMLButtonElement>("button").disabled;

it("counts the wait down second by second and then lets in again", () => {
  render(<Form failure={refusal(65)} />);
  expect(text()).toContain("1:05");
  expect(isDisabled()).toBe(true);
  wait(6);
  expect(text()).toContain("0:59");
  wait(59);
  expect(text()).toContain("You can try again now");
  expect(isDisabled()).toBe(false);
});

it("shows the truth after the tab has slept", () => {
  render(<Form failure={refusal(60)} />);
  vi.setSystemTime(Date.now() + 50_000); // no timer ran meanwhile
  wait(0.25);
  expect(text()).toContain("0:10");
});

it("begins anew with every refusal, also one that asks for the same wait", () => {
  const { rerender } = render(<Form failure={refusal(10)} />);
  wait(9);
  rerender(<Form failure={refusal(10)} />);
  expect(text()).toContain("0:10");
});

it("says nothing about other failures", () => {
  render(<Form failure={new Error("no")} />);
  expect(screen.queryByRole("status")).toBeNull();
  expect(isDisabled()).toBe(false);
});
