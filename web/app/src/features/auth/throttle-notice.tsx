import { isProblem } from "@vestibule/client";
import { useEffect } from "react";
import { formatCountdown, useCountdown } from "../../lib/use-countdown";
import { Notice } from "../../ui/notice";

/** How long to wait after `failure`, in seconds; 0 when it asks for no wait or the wait is over. */
export function useThrottle(failure: unknown): number {
  const [left, start] = useCountdown();
  const wait = isProblem(failure, "too_many_requests") ? (failure.retryAfter ?? 1) : 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new refusal starts the wait anew, also one of the same length
  useEffect(() => {
    if (wait > 0) start(wait);
  }, [failure]);
  return left;
}

/** Counts down to when another attempt is let in. Only the beginning and the end are announced. */
export function ThrottleNotice({ failure, left }: { failure: unknown; left: number }) {
  if (!isProblem(failure, "too_many_requests")) return null;
  if (left === 0) {
    return (
      <Notice tone="info" title="You can try again now">
        If you forgot the password, choose a new one instead of guessing.
      </Notice>
    );
  }
  return (
    <Notice tone="warning" title="Too many attempts">
      Try again in{" "}
      <span aria-live="off" className="font-medium tabular-nums">
        {formatCountdown(left)}
      </span>
      . This protects the account from being guessed.
    </Notice>
  );
}
