import { isProblem } from "@vestibule/client";
import { type ReactNode, useEffect } from "react";
import { formatCountdown, useCountdown } from "../lib/use-countdown";
import { Notice } from "./notice";

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

interface RateLimitNoticeProps {
  /** The seconds left until the next attempt. */
  remaining: number;
  /** A sentence about the limit. */
  reason?: ReactNode;
  /** Advice for the next attempt. */
  advice?: ReactNode;
  className?: string | undefined;
}

/** Counts down to the next allowed attempt. Screen readers announce only the start and the end. */
export function RateLimitNotice({ remaining, reason, advice, className }: RateLimitNoticeProps) {
  if (remaining === 0) {
    return (
      <Notice tone="info" title="You can try again now" className={className}>
        {advice}
      </Notice>
    );
  }
  return (
    <Notice tone="warning" title="Too many attempts" className={className}>
      Try again in{" "}
      <span aria-live="off" className="font-medium tabular-nums">
        {formatCountdown(remaining)}
      </span>
      . {reason}
    </Notice>
  );
}
