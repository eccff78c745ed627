import type { Versioned } from "@vestibule/client";
import { useEffect } from "react";
import type { FieldValues, Path } from "react-hook-form";
import { type FormSchema, useApiForm } from "./api-form";
import { useEditBase } from "./use-edit-base";

interface EditFormOptions<Resource, Values extends FieldValues, Output> {
  /** The latest version. */
  latest: Resource;
  schema: FormSchema<Values, Output>;
  /** Converts a version to the values of the form. */
  toValues(version: NoInfer<Resource>): NoInfer<Values>;
  /** Sends the changed fields, with the `etag` of the version that they are based on. */
  save(changes: Partial<Output>, base: NoInfer<Resource>, values: Output): Promise<NoInfer<Resource>>;
  onSaved?(saved: NoInfer<Resource>): unknown;
  /** See `useApiForm`. */
  texts?: Record<string, string>;
}

/**
 * Manages a form that edits a resource. An untouched form follows the latest version; changes are never overwritten.
 * For an `EditForm`.
 */
export function useEditForm<Resource extends Versioned<object>, Values extends FieldValues, Output extends object>(
  options: EditFormOptions<Resource, Values, Output>,
) {
  const { latest, schema, toValues, save, onSaved, texts = {} } = options;
  const api = useApiForm({
    schema,
    texts,
    defaultValues: toValues(latest),
    send: (values): Promise<Resource> => save(changedFields(values), base, values),
    onSuccess(saved) {
      restart(saved);
      return onSaved?.(saved);
    },
  });
  const { form } = api;
  const { isDirty, dirtyFields } = form.formState;
  const { base, stale, rebase } = useEditBase(latest, { changed: isDirty, saving: api.busy });

  // biome-ignore lint/correctness/useExhaustiveDependencies: shows a new base, unless the changes were applied to it
  useEffect(() => {
    if (!isDirty) form.reset(toValues(base));
  }, [base]);

  /** Returns the fields that were changed, and whose conversion differs: added spaces are no change. */
  function changedFields(values: Output): Partial<Output> {
    const before = schema.safeParse(toValues(base));
    const isSame = (name: string, value: unknown) =>
      before.success && JSON.stringify(before.data[name as keyof Output]) === JSON.stringify(value);
    const changed = Object.entries(values).filter(([name, value]) => name in dirtyFields && !isSame(name, value));
    return Object.fromEntries(changed) as Partial<Output>;
  }

  function restart(version: Resource) {
    rebase(version);
    form.reset(toValues(version));
    api.clearFailure();
  }

  return {
    ...api,
    base,
    changed: isDirty,
    /** Someone else has saved the resource during the edit. */
    stale,
    /** Discards the changes and shows the latest version. */
    discard: () => restart(latest),
    /** Applies the changes to the latest version. */
    reapply() {
      const values = form.getValues();
      const changed = Object.keys(dirtyFields) as Path<Values>[];
      restart(latest);
      for (const name of changed) form.setValue(name, values[name], { shouldDirty: true });
    },
  };
}
