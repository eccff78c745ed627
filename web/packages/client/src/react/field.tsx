"use client";

import { type InputHTMLAttributes, type ReactNode, useId, useState } from "react";
import type { Texts } from "./texts.js";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  name: string;
  label: string;
  error: string | undefined;
  hint?: string | undefined;
  /** A control inside the box of the input. */
  action?: ReactNode;
}

/** A labelled input with its hint and its error. */
export function Field({ label, error, hint, action, ...input }: FieldProps) {
  const id = useId();
  const description = error ?? hint;
  return (
    <div className="vestibule-field">
      <label className="vestibule-label" htmlFor={id}>
        {label}
      </label>
      <div className="vestibule-control">
        <input
          {...input}
          id={id}
          className="vestibule-input"
          required
          aria-invalid={error !== undefined}
          aria-describedby={description === undefined ? undefined : `${id}-description`}
        />
        {action}
      </div>
      {description !== undefined && (
        <p id={`${id}-description`} className={error === undefined ? "vestibule-hint" : "vestibule-error"}>
          {description}
        </p>
      )}
    </div>
  );
}

interface FormFieldProps {
  texts: Texts;
  error: string | undefined;
}

/** The field `email`. */
export function EmailField({ texts, ...field }: FormFieldProps & { autoComplete?: string; defaultValue?: string }) {
  return (
    <Field
      autoComplete="username"
      {...field}
      name="email"
      type="email"
      label={texts.email}
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}

/** The field `password`, with a button that shows it. */
export function PasswordField(
  props: FormFieldProps & { autoComplete: "current-password" | "new-password"; hint?: string | undefined },
) {
  const { texts, ...field } = props;
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...field}
      name="password"
      type={shown ? "text" : "password"}
      label={texts.password}
      autoCapitalize="none"
      spellCheck={false}
      action={
        <button
          type="button"
          className="vestibule-reveal"
          aria-label={shown ? texts.hidePassword : texts.showPassword}
          onClick={() => setShown(!shown)}
        >
          <EyeIcon crossed={shown} />
        </button>
      }
    />
  );
}

function EyeIcon({ crossed }: { crossed: boolean }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    >
      <path d="M1.7 10S4.7 4.4 10 4.4s8.3 5.6 8.3 5.6-3 5.6-8.3 5.6S1.7 10 1.7 10Z" />
      <circle cx="10" cy="10" r="2.5" />
      {crossed && <path d="m3.5 16.5 13-13" />}
    </svg>
  );
}
