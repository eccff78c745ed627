import { describeError } from "../lib/problem";
import { Notice } from "./notice";
import { RequestReference } from "./request-reference";

interface FormErrorProps {
  /** What the attempt came to; nothing shows when there is none. */
  error: unknown;
  /** What could not be done: "Could not save the role". */
  title?: string;
  className?: string;
}

/** Above a form's button: what is wrong with the attempt as a whole, not with one field. */
export function FormError({ error, title, className }: FormErrorProps) {
  if (!error) return null;
  const described = describeError(error);
  return (
    <Notice tone="danger" title={title ?? described.title} className={className}>
      {described.detail !== described.title && described.detail}
      {described.unexpected && <RequestReference id={described.requestId} className="mt-1" />}
    </Notice>
  );
}
