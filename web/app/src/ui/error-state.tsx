import { CircleAlert } from "lucide-react";
import { describeError } from "../lib/problem";
import { Button } from "./button";
import { RequestReference } from "./request-reference";

interface ErrorStateProps {
  error: unknown;
  /** What could not be done: "Could not load the users". Without it, the error's own title. */
  title?: string;
  onRetry?(): void;
  retrying?: boolean;
}

/** In the place of what could not be loaded: what happened, what to do, and last the request's number. */
export function ErrorState({ error, title, onRetry, retrying = false }: ErrorStateProps) {
  const described = describeError(error);
  return (
    <div role="alert" className="flex flex-col items-center px-5 py-12 text-center">
      <span aria-hidden="true" className="mb-3 rounded-lg bg-danger-soft p-2.5 text-danger-text">
        <CircleAlert className="size-5" />
      </span>
      <p className="font-medium">{title ?? described.title}</p>
      <p className="mt-1 max-w-sm text-balance text-muted text-sm">{described.detail}</p>
      {onRetry && (
        <Button className="mt-4" busy={retrying} onClick={onRetry}>
          Try again
        </Button>
      )}
      <RequestReference id={described.requestId} className="mt-4" />
    </div>
  );
}
