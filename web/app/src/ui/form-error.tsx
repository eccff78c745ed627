import { isProblem } from "@vestibule/client";
import { describeError } from "../lib/errors";
import { Button } from "./button";
import { Notice } from "./notice";
import { RateLimitNotice, useRetryCountdown } from "./rate-limit-notice";
import { RequestId } from "./request-id";

interface FormErrorProps {
  /** Renders nothing if falsy. */
  error: unknown;
  /** "Could not save the role". Defaults to the title of the error. */
  title?: string;
  /** Adds a button that tries again, if the form has none. */
  onRetry?(): void;
  className?: string;
}

/** An error of the whole form rather than of one field. After too many attempts, counts down to the next one. */
export function FormError({ error, title, onRetry, className }: FormErrorProps) {
  const remaining = useRetryCountdown(error);
  if (!error) return null;
  if (isProblem(error, "too_many_requests")) return <RateLimitNotice remaining={remaining} className={className} />;
  const described = describeError(error);
  return (
    <Notice
      tone="danger"
      title={title ?? described.title}
      className={className}
      action={
        onRetry && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {described.detail !== described.title && described.detail}
      {described.unexpected && <RequestId id={described.requestId} className="mt-1" />}
    </Notice>
  );
}
