import { Check, Circle } from "lucide-react";
import type { ComponentProps } from "react";
import { type PasswordPolicy, passwordRules } from "../lib/password-rules";
import { cx } from "./cx";
import { Field } from "./field";
import { PasswordInput } from "./password-input";

interface NewPasswordFieldProps extends Omit<ComponentProps<typeof PasswordInput>, "value" | "autoComplete"> {
  label: string;
  error?: string | undefined;
  /** The current value, to check the rules. The input itself is uncontrolled. */
  password: string;
  /** The account's email, which is not allowed as a password. */
  email?: string | undefined;
  policy: PasswordPolicy | undefined;
}

/**
 * A field for a new password with a live checklist of the password rules. It has no confirmation field: the password
 * can be shown instead.
 */
export function NewPasswordField({ label, error, password, email, policy, ...input }: NewPasswordFieldProps) {
  const rules = policy ? passwordRules(password, email, policy) : [];
  return (
    <Field
      label={label}
      error={error}
      hint={
        <ul className="flex flex-col gap-1">
          {rules.map((rule) => (
            <li key={rule.text} className={cx("flex items-center gap-1.5", rule.met && "text-success-text")}>
              {rule.met ? <Check aria-hidden className="size-3.5" /> : <Circle aria-hidden className="size-3.5" />}
              {rule.text}
              <span className="sr-only">{rule.met ? ": met" : ": not met"}</span>
            </li>
          ))}
        </ul>
      }
    >
      <PasswordInput {...input} autoComplete="new-password" />
    </Field>
  );
}
