import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "./cx";
import { useFieldControl } from "./field";
import { controlSize } from "./input";

/**
 * A native select, because custom ones lack its keyboard support, type-ahead and mobile picker. Its children are
 * `<option>`s. It needs a `Field` or an `aria-label`.
 */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  const field = useFieldControl();
  return (
    <span className={cx("relative inline-flex min-w-0", className)}>
      <select
        {...field}
        {...rest}
        className={cx("control w-full min-w-0 appearance-none truncate pr-8 pl-2.5", controlSize)}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-3.5 text-muted"
      />
    </span>
  );
}
