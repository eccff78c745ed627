import { CircleAlert } from "lucide-react";
import { describeError } from "../lib/errors";
import { Button } from "./button";
import { RequestId } from "./request-id";

interface ErrorStateProps {
  error: unknown;
  /** "Could not load users". Defaults to the title of the error. */
  title?: string;
  onRetry?(): void;
  retrying?: boolean;
}

/** Replaces content that could not be loaded: the error, a retry button and the request ID. */
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
      <RequestId id={described.requestId} className="mt-4" />
    </div>
  );
}
