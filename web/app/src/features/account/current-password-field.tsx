import type { ComponentProps, ReactNode } from "react";
import { Field } from "../../ui/field";
import { PasswordInput } from "../../ui/password-input";

interface CurrentPasswordFieldProps extends Omit<ComponentProps<typeof PasswordInput>, "autoComplete"> {
  error: ReactNode;
}

/** Confirms a change of the account with the current password. */
export function CurrentPasswordField({ error, ...rest }: CurrentPasswordFieldProps) {
  return (
    <Field label="Current password" error={error}>
      <PasswordInput {...rest} autoComplete="current-password" />
    </Field>
  );
}
