import { Check, Circle } from "lucide-react";
import type { ComponentProps } from "react";
import { type PasswordPolicy, passwordRules } from "../lib/password-rules";
import { cx } from "./cx";
import { Field } from "./field";
import { PasswordInput } from "./password-input";

interface NewPasswordFieldProps extends Omit<ComponentProps<typeof PasswordInput>, "value" | "autoComplete"> {
  label: string;
  error?: string | undefined;
  /** What is typed so far, for the rules under the field. */
  typed: string;
  /** The account's address, which is no password. */
  email?: string | undefined;
  policy: PasswordPolicy | undefined;
}

/**
 * A password to be chosen, with its rules, each ticked as it is met. There is no second field to type it
 * again: it can be shown instead.
 */
export function NewPasswordField({ label, error, typed, email, policy, ...input }: NewPasswordFieldProps) {
  const rules = policy ? passwordRules(typed, email, policy) : [];
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
              <span className="sr-only">{rule.met ? ": met" : ": not met yet"}</span>
            </li>
          ))}
        </ul>
      }
    >
      <PasswordInput {...input} autoComplete="new-password" />
    </Field>
  );
}
