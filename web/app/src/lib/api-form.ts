import { fieldErrors } from "@vestibule/client";
import { useEffect, useRef, useState } from "react";
import {
  type Control,
  type DefaultValues,
  type FieldErrors,
  type FieldValues,
  type Path,
  type Resolver,
  useForm,
} from "react-hook-form";
import { useUnsavedChanges } from "./unsaved-changes";

/**
 * A validator of form values: a zod schema or `requiredFields`. It may convert them, such as with the codecs in
 * `field-values`.
 */
export interface FormSchema<Values, Output = Values> {
  safeParse(values: unknown): { success: true; data: Output } | { success: false; error: { issues: readonly Issue[] } };
  /** Exists only for type inference. */
  readonly _zod?: { readonly input: Values };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string;
  readonly message: string;
}

export interface ApiFormOptions<Values extends FieldValues, Output, Result> {
  schema: FormSchema<Values, Output>;
  defaultValues: NoInfer<Values>;
  /** Sends the converted values. A rejection is shown at the fields it names, otherwise as `failure`. */
  send(values: Output): Promise<Result>;
  onSuccess?(result: Result, values: Output): unknown;
  /** Replacements for the server's messages, by field and code: `{ "email:taken": "…" }`. */
  texts?: Record<string, string>;
  /** False if the values may be lost without confirmation, such as a code. */
  guarded?: boolean;
}

/**
 * Manages a form that submits one API request. Its fields have the names of the properties of the request body, so that
 * the JSON pointers of a problem (`/new_password`, `/roles/0`) map to fields. An error that belongs to no field is
 * returned as `failure`, for a `FormError`. Unsaved changes are not lost without confirmation.
 */
export function useApiForm<Values extends FieldValues, Output = Values, Result = unknown>(
  options: ApiFormOptions<Values, Output, Result>,
) {
  const { schema, send, onSuccess, texts = {}, guarded = true } = options;
  const defaultValues = options.defaultValues as DefaultValues<Values>;
  const form = useForm<Values, unknown, Output>({ resolver: toResolver(schema), defaultValues });
  const [failure, setFailure] = useState<unknown>(null);
  const { isDirty } = form.formState;
  // Set before the form is rendered again, because `onSuccess` may leave the page.
  const saved = useRef(false);
  useEffect(() => {
    if (isDirty) saved.current = false;
  }, [isDirty]);
  useUnsavedChanges(() => guarded && isDirty && !saved.current);

  /** Shows the errors of single fields and returns whether there were any. */
  function setFieldErrors(error: unknown): boolean {
    const known = Object.entries(fieldErrors(error)).flatMap(([name, { code, message }]) => {
      const field = name.split(".")[0] ?? "";
      return field in form.getValues() ? [{ field: field as Path<Values>, code, message }] : [];
    });
    for (const [index, { field, code, message }] of known.entries()) {
      form.setError(
        field,
        { type: code, message: texts[`${field}:${code}`] ?? toSentence(message) },
        { shouldFocus: index === 0 },
      );
    }
    return known.length > 0;
  }

  const onSubmit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      const result = await send(values);
      saved.current = true;
      await onSuccess?.(result, values);
    } catch (error) {
      if (!setFieldErrors(error)) setFailure(error);
    }
  });

  /** Returns the error message of a field, for `Field`. */
  const errorAt = (name: Path<Values>) => form.getFieldState(name, form.formState).error?.message;

  return {
    form,
    register: form.register,
    onSubmit,
    errorAt,
    /** Returns the properties that connect a field with a native control, such as `TextField`. */
    field: (name: Path<Values>) => ({ ...form.register(name), error: errorAt(name) }),
    /** Returns the properties that connect a field with a custom control, such as `ReferenceField`. */
    controlled: (name: Path<Values>) => ({ name, control: form.control as Control, error: errorAt(name) }),
    busy: form.formState.isSubmitting,
    failure,
    clearFailure: () => setFailure(null),
  };
}

/** The part of the result of `useApiForm` that a `DialogForm` needs. */
export type ApiForm = Pick<ReturnType<typeof useApiForm>, "onSubmit" | "busy" | "failure">;

/** The part of the result of `useApiForm` and `useEditForm` that fields need. */
export type FormFields<Values extends FieldValues> = Pick<
  ReturnType<typeof useApiForm<Values>>,
  "field" | "controlled"
>;

/**
 * Creates a schema of text fields that must not be blank, each with its error message (`null` for an optional field).
 * Used on the signed-out pages, which therefore need not load zod.
 */
export function requiredFields<Name extends string>(
  messages: Record<Name, string | null>,
): FormSchema<Record<Name, string>> {
  return {
    safeParse(values) {
      const data = values as Record<Name, string>;
      const issues = Object.entries<string | null>(messages).flatMap(([name, message]) =>
        message !== null && data[name as Name].trim() === "" ? [{ path: [name], code: "required", message }] : [],
      );
      return issues.length === 0 ? { success: true, data } : { success: false, error: { issues } };
    },
  };
}

/** Completes a message of the server to a sentence: "Is too short" → "This is too short." */
function toSentence(text: string): string {
  const named = text.replace(/^Is /, "This is ");
  return /[.!?]$/.test(named) ? named : `${named}.`;
}

/** Adapts a schema to react-hook-form: the first issue of each field. Forms are flat, so a path is a field name. */
function toResolver<Values extends FieldValues, Output>(
  schema: FormSchema<Values, Output>,
): Resolver<Values, unknown, Output> {
  return (values) => {
    const parsed = schema.safeParse(values);
    if (parsed.success) return { values: parsed.data, errors: {} };
    const found = parsed.error.issues.map(
      ({ path, code, message }) => [path.join("."), { type: code ?? "invalid", message }] as const,
    );
    return { values: {}, errors: Object.fromEntries(found.reverse()) as FieldErrors<Values> };
  };
}
