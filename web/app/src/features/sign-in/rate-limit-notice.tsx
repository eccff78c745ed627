import { isProblem } from "@vestibule/client";
import { useEffect } from "react";
import { formatCountdown, useCountdown } from "../../lib/use-countdown";
import { Notice } from "../../ui/notice";

/** Returns the seconds left until the next attempt after a rate-limited `failure`, or 0. */
export function useRetryCountdown(failure: unknown): number {
  const [remaining, start] = useCountdown();
  const wait = isProblem(failure, "too_many_requests") ? (failure.retryAfter ?? 1) : 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new failure restarts the countdown, even with the same wait
  useEffect(() => {
    if (wait > 0) start(wait);
  }, [failure]);
  return remaining;
}

/** Counts down to the next allowed attempt. Screen readers announce only the start and the end. */
export function RateLimitNotice({ failure, remaining }: { failure: unknown; remaining: number }) {
  if (!isProblem(failure, "too_many_requests")) return null;
  if (remaining === 0) {
    return (
      <Notice tone="info" title="You can try again now">
        If you forgot your password, reset it instead of guessing.
      </Notice>
    );
  }
  return (
    <Notice tone="warning" title="Too many attempts">
      Try again in{" "}
      <span aria-live="off" className="font-medium tabular-nums">
        {formatCountdown(remaining)}
      </span>
      . This limit protects accounts from password guessing.
    </Notice>
  );
}
