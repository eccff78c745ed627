import type { ComponentProps } from "react";
import { cx } from "./cx";
import { Input } from "./input";

/** The input for the 6-digit code of an authenticator app. Phones suggest the code above their numeric keyboard. */
export function CodeInput({ className, ...rest }: ComponentProps<"input">) {
  return (
    <Input
      type="text"
      inputMode="numeric"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={12}
      {...rest}
      className={cx("tabular-nums tracking-widest", className)}
    />
  );
}
