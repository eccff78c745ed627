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
  /** The error message, as a sentence. Screen readers announce it, and the control is marked as invalid. */
  error?: ReactNode;
  /** Help text below the control. */
  hint?: ReactNode;
  /** Shown at the end of the label row: a link such as "Forgot password?". */
  aside?: ReactNode;
  /** Adds "(optional)" to the label. Other fields are marked as required. */
  optional?: boolean;
  /** Shows the label to screen readers only. */
  hideLabel?: boolean;
  className?: string;
  children: ReactNode;
}

/** Connects a label, a hint and an error to one control (`Input`, `PasswordInput`, `Select`). */
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
        {/* The live region is always rendered, so that screen readers announce changes. */}
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

/** Returns the attributes that connect a control to its `Field`, or nothing outside of one. */
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
