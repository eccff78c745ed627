"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";

/** The texts of the errors of fields, by field name. */
export type FieldTexts = Partial<Record<string, string>>;

/** The properties of a form. */
export interface FormOptions<Name extends string> {
  fields: readonly Name[];
  /** Checks the values before they are sent. */
  validate(values: FormValues<Name>): FieldTexts;
  send(values: FormValues<Name>): Promise<unknown>;
  /** Returns the texts for the fields that a rejection of `send` is about. */
  fieldErrors?(error: unknown): FieldTexts;
}

/** The values of the fields, without surrounding blanks except for a password. */
export type FormValues<Name extends string> = Readonly<Record<Name, string>>;

/** The state of a form. `failure` is the error of the last attempt if it belongs to no field. */
export interface FormState<Name extends string> {
  readonly busy: boolean;
  readonly errors: FieldTexts;
  readonly failure: unknown;
  /** The values of the last attempt. */
  readonly values: FormValues<Name>;
}

/** Manages a form that sends one request. The focus moves to the first invalid field. */
export function useForm<Name extends string>({ fields, validate, send, fieldErrors }: FormOptions<Name>) {
  const formRef = useRef<HTMLFormElement>(null);
  const [state, setState] = useState<FormState<Name>>({
    busy: false,
    errors: {},
    failure: null,
    values: valuesOf(fields, new FormData()),
  });

  useEffect(() => {
    if (Object.keys(state.errors).length > 0)
      formRef.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [state.errors]);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (state.busy) return;
    const values = valuesOf(fields, new FormData(event.currentTarget));
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

function valuesOf<Name extends string>(fields: readonly Name[], data: FormData): FormValues<Name> {
  const values = fields.map((name) => {
    const value = String(data.get(name) ?? "");
    return [name, name === "password" ? value : value.trim()];
  });
  return Object.fromEntries(values);
}
