import { createContext, type ReactNode, use, useId } from "react";
import { cx } from "./cx";

interface FieldContext {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}

const Context = createContext<FieldContext | null>(null);

interface FieldProps {
  label: string;
  /** What is wrong with the value, as a sentence. It is announced, and the control is marked invalid. */
  error?: ReactNode;
  /** What to know before typing. */
  hint?: ReactNode;
  /** Beside the label, at the end of the line: a link such as "Forgot it?". */
  aside?: ReactNode;
  /** Says "optional" beside the label. What is not optional is required. */
  optional?: boolean;
  /** Keeps the label for screen readers alone, where the place says it to the eye. */
  hideLabel?: boolean;
  className?: string;
  children: ReactNode;
}

/** A label, one control (`Input`, `PasswordInput`, `Select`), a hint and an error, tied together. */
export function Field({ label, error, hint, aside, optional = false, hideLabel, className, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [error && errorId, hint && hintId].filter(Boolean).join(" ") || undefined;

  return (
    <Context value={{ id, describedBy, invalid: Boolean(error), required: !optional }}>
      <div className={cx("flex min-w-0 flex-col gap-1.5", className)}>
        <div className={hideLabel ? "sr-only" : "flex items-baseline justify-between gap-3"}>
          <label htmlFor={id} className="font-medium text-sm">
            {label}
            {optional && <span className="font-normal text-muted"> (optional)</span>}
          </label>
          {aside && <span className="text-sm">{aside}</span>}
        </div>
        {children}
        {/* The region stays, so that what comes into it is announced. */}
        <div id={errorId} aria-live="polite" className={error ? "text-danger-text text-sm" : "sr-only"}>
          {error}
        </div>
        {hint && (
          <div id={hintId} className="text-muted text-sm">
            {hint}
          </div>
        )}
      </div>
    </Context>
  );
}

/** What a control inside a `Field` needs to be tied to it; nothing when it stands alone. */
export function useFieldControl() {
  const field = use(Context);
  if (!field) return {};
  return {
    id: field.id,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid || undefined,
    "aria-required": field.required || undefined,
  };
}
