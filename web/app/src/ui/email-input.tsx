import type { ComponentProps } from "react";
import { Input } from "./input";

/** Where people type the address that they sign in with. */
export function EmailInput(props: ComponentProps<typeof Input>) {
  return (
    <Input type="email" autoComplete="username" autoCapitalize="none" spellCheck={false} className="h-10" {...props} />
  );
}
