import type { ComponentProps } from "react";
import { cx } from "./cx";
import { useFieldControl } from "./field";

/** The height and text size of inputs and selects. Text is 16 px on touch screens, because iOS zooms in on smaller inputs. */
export const controlSize = "h-8 text-sm pointer-coarse:h-10 pointer-coarse:text-lg";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  const field = useFieldControl();
  return <input {...field} {...rest} className={cx("control w-full min-w-0 px-2.5", controlSize, className)} />;
}

/** The email field of the signed-out forms, which password managers fill in as the username. */
export function EmailInput(props: ComponentProps<typeof Input>) {
  return (
    <Input type="email" autoComplete="username" autoCapitalize="none" spellCheck={false} className="h-10" {...props} />
  );
}
