import { describeError } from "../lib/errors";
import { Notice } from "./notice";
import { RequestId } from "./request-id";

interface FormErrorProps {
  /** Renders nothing if falsy. */
  error: unknown;
  /** "Could not save the role". Defaults to the title of the error. */
  title?: string;
  className?: string;
}

/** An error of the whole form rather than of one field. */
export function FormError({ error, title, className }: FormErrorProps) {
  if (!error) return null;
  const described = describeError(error);
  return (
    <Notice tone="danger" title={title ?? described.title} className={className}>
      {described.detail !== described.title && described.detail}
      {described.unexpected && <RequestId id={described.requestId} className="mt-1" />}
    </Notice>
  );
}
