import type { ComponentProps } from "react";
import { cx } from "./cx";
import { useFieldControl } from "./field";

/** One size for all controls of a line; 16 px on touch screens, where smaller text makes iOS zoom in. */
export const controlSize = "h-8 text-sm pointer-coarse:h-10 pointer-coarse:text-lg";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  const field = useFieldControl();
  return <input {...field} {...rest} className={cx("control w-full min-w-0 px-2.5", controlSize, className)} />;
}
