import { fieldErrors } from "@vestibule/client";
import { useState } from "react";
import {
  type DefaultValues,
  type FieldErrors,
  type FieldValues,
  type Path,
  type Resolver,
  useForm,
} from "react-hook-form";

/** What finds out what is wrong with a form's values: a schema of zod, or `requiredTexts`. */
export interface FormSchema<Values> {
  safeParse(values: unknown): { success: true; data: Values } | { success: false; error: { issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string;
  readonly message: string;
}

interface ApiFormOptions<Values extends FieldValues, Result> {
  schema: FormSchema<Values>;
  defaultValues: DefaultValues<Values>;
  /** Sends what was filled in; what it throws is shown at the fields to blame or as `failure`. */
  send(values: Values): Promise<Result>;
  onSuccess?(result: Result, values: Values): unknown;
  /** Better words than the server's, by field and code: `{ "email:taken": "…" }`. */
  texts?: Record<string, string>;
}

/**
 * A form that ends in one call of the API. Its fields have the names that the request's members have, so
 * that the JSON pointers of a problem lead to them (`/new_password`, `/roles/0`); what no field is to
 * blame for is left in `failure`, for a `FormError`.
 */
export function useApiForm<Values extends FieldValues, Result = unknown>(options: ApiFormOptions<Values, Result>) {
  const { schema, defaultValues, send, onSuccess, texts = {} } = options;
  const form = useForm<Values>({ resolver: resolverOf(schema), defaultValues });
  const [failure, setFailure] = useState<unknown>(null);

  /** Puts what is wrong with single fields there; whether there was any such thing. */
  function showAtFields(error: unknown): boolean {
    const known = Object.entries(fieldErrors(error)).flatMap(([name, { code, message }]) => {
      const field = name.split(".")[0] ?? "";
      return field in form.getValues() ? [{ field: field as Path<Values>, code, message }] : [];
    });
    for (const [index, { field, code, message }] of known.entries()) {
      form.setError(
        field,
        { type: code, message: texts[`${field}:${code}`] ?? sentence(message) },
        { shouldFocus: index === 0 },
      );
    }
    return known.length > 0;
  }

  const onSubmit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      const result = await send(values);
      await onSuccess?.(result, values);
    } catch (error) {
      if (!showAtFields(error)) setFailure(error);
    }
  });

  return {
    form,
    register: form.register,
    onSubmit,
    /** What is wrong with a field, for `Field`. */
    errorAt: (field: Path<Values>) => form.getFieldState(field, form.formState).error?.message,
    busy: form.formState.isSubmitting,
    failure,
  };
}

/** The server speaks of a value without naming it: "Is too short". */
function sentence(text: string): string {
  const named = text.replace(/^Is /, "This is ");
  return /[.!?]$/.test(named) ? named : `${named}.`;
}

/** What the schema finds wrong, the first of each field. Forms are flat, so the path is the field's name. */
function resolverOf<Values extends FieldValues>(schema: FormSchema<Values>): Resolver<Values> {
  return (values) => {
    const parsed = schema.safeParse(values);
    if (parsed.success) return { values: parsed.data, errors: {} };
    const found = parsed.error.issues.map(
      ({ path, code, message }) => [path.join("."), { type: code ?? "invalid", message }] as const,
    );
    return { values: {}, errors: Object.fromEntries(found.reverse()) as FieldErrors<Values> };
  };
}
