import type { ComponentProps } from "react";
import { cx } from "./cx";
import { useFieldControl } from "./field";

/** A text input with several lines, which grows with its content. It needs a `Field` or an `aria-label`. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  const field = useFieldControl();
  return (
    <textarea
      rows={3}
      {...field}
      {...rest}
      className={cx(
        "control field-sizing-content max-h-96 min-h-16 w-full min-w-0 px-2.5 py-1.5 text-sm pointer-coarse:text-lg",
        className,
      )}
    />
  );
}
