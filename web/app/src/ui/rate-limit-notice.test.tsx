// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { ProblemError } from "@vestibule/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FormError } from "./form-error";
import { useRetryCountdown } from "./rate-limit-notice";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function rateLimited(seconds: number) {
  const response = new Response(null, { status: 429, headers: { "Retry-After": String(seconds) } });
  return new ProblemError(response, { code: "too_many_requests", detail: "Too many attempts" });
}

function Form({ failure }: { failure: unknown }) {
  const remaining = useRetryCountdown(failure);
  return (
    <>
      <FormError error={failure} />
      <button type="submit" disabled={remaining > 0}>
        Sign in
      </button>
    </>
  );
}

const text = () => screen.getByRole("status").textContent;
const wait = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1000));
const isDisabled = () => screen.getByRole<HTMLButtonElement>("button").disabled;

it("counts down, then allows another attempt", () => {
  render(<Form failure={rateLimited(65)} />);
  expect(text()).toContain("1:05");
  expect(isDisabled()).toBe(true);
  wait(6);
  expect(text()).toContain("0:59");
  wait(59);
  expect(text()).toContain("You can try again now");
  expect(isDisabled()).toBe(false);
});

it("is correct after the tab was suspended", () => {
  render(<Form failure={rateLimited(60)} />);
  vi.setSystemTime(Date.now() + 50_000); // no timer fired in the meantime
  wait(0.25);
  expect(text()).toContain("0:10");
});

it("restarts with every failure, even with the same wait", () => {
  const { rerender } = render(<Form failure={rateLimited(10)} />);
  wait(9);
  rerender(<Form failure={rateLimited(10)} />);
  expect(text()).toContain("0:10");
});

it("ignores other failures", () => {
  render(<Form failure={new Error("no")} />);
  expect(screen.getByRole("alert").textContent).toContain("Something went wrong");
  expect(isDisabled()).toBe(false);
});
