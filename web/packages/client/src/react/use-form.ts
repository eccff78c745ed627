"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";

/** The texts of the errors of fields, by field name. */
export type FieldTexts = Partial<Record<string, string>>;

/** The properties of a form with the fields `email` and `password`. */
export interface FormOptions {
  /** Checks the values before they are sent. */
  validate(values: FormValues): FieldTexts;
  send(values: FormValues): Promise<unknown>;
  /** Returns the texts for the fields that a rejection of `send` is about. */
  fieldErrors?(error: unknown): FieldTexts;
}

export interface FormValues {
  readonly email: string;
  readonly password: string;
}

/** The state of a form. `failure` is the error of the last attempt if it belongs to no field. */
export interface FormState {
  readonly busy: boolean;
  readonly errors: FieldTexts;
  readonly failure: unknown;
  /** The values of the last attempt. */
  readonly values: FormValues;
}

/** Manages a form that sends one request. The focus moves to the first invalid field. */
export function useForm({ validate, send, fieldErrors }: FormOptions) {
  const formRef = useRef<HTMLFormElement>(null);
  const [state, setState] = useState<FormState>({
    busy: false,
    errors: {},
    failure: null,
    values: { email: "", password: "" },
  });

  useEffect(() => {
    if (Object.keys(state.errors).length > 0)
      formRef.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [state.errors]);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (state.busy) return;
    const data = new FormData(event.currentTarget);
    const values = { email: String(data.get("email") ?? "").trim(), password: String(data.get("password") ?? "") };
    const invalid = validate(values);
    const busy = Object.keys(invalid).length === 0;
    setState({ busy, errors: invalid, failure: null, values });
    if (!busy) return;
    try {
      await send(values);
      setState({ busy: false, errors: {}, failure: null, values });
    } catch (error) {
      const errors = fieldErrors?.(error) ?? {};
      setState({ busy: false, errors, failure: Object.keys(errors).length > 0 ? null : error, values });
    }
  }

  return { ...state, form: { formRef, onSubmit } };
}
