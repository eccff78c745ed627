import { Check, Minus } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";

interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
  /** Some but not all of the items that it controls are checked. */
  indeterminate?: boolean;
}

/** A checkbox without a label. Needs an `aria-label`; otherwise use `LabeledCheckbox`. */
export function Checkbox({ indeterminate = false, className, ref, ...rest }: CheckboxProps) {
  return (
    <span className={cx("relative inline-flex size-4 shrink-0", className)}>
      <input
        {...rest}
        type="checkbox"
        ref={(element) => {
          if (element) element.indeterminate = indeterminate;
          if (typeof ref === "function") return ref(element);
          if (ref) ref.current = element;
        }}
        // The click target is larger than the box (WCAG 2.2, 2.5.8).
        className="control peer size-4 appearance-none rounded-sm before:absolute before:-inset-1.5 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-55 enabled:cursor-pointer"
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute inset-0 m-auto hidden size-3 text-on-accent peer-checked:block peer-indeterminate:hidden"
      />
      <Minus
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute inset-0 m-auto hidden size-3 text-on-accent peer-indeterminate:block"
      />
    </span>
  );
}

/** A checkbox with a label and an optional hint. */
export function LabeledCheckbox({ label, hint, ...rest }: CheckboxProps & { label: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <label className="flex items-start gap-2.5 text-sm has-disabled:cursor-not-allowed has-enabled:cursor-pointer">
      <Checkbox
        {...rest}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.5"
      />
      <span className="min-w-0">
        <span id={`${id}-label`} className="block">
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="block text-muted">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
