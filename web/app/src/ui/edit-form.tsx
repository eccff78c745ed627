import { isProblem } from "@vestibule/client";
import type { ReactNode } from "react";
import type { useEditForm } from "../lib/use-edit-form";
import { Button } from "./button";
import { FormError } from "./form-error";
import { StaleNotice } from "./stale-notice";

interface EditFormProps {
  edit: Pick<
    ReturnType<typeof useEditForm>,
    "onSubmit" | "busy" | "failure" | "changed" | "stale" | "discard" | "reapply"
  >;
  /** The edited resource: "project". */
  resource: string;
  /** Defaults to "Could not save the project". */
  errorTitle?: string;
  /** Makes reloading a stale form discard the changes, for fields that depend on each other. */
  discardsStale?: boolean;
  /** Disables the fields and hides the buttons. */
  readOnly?: boolean;
  /** The fields. */
  children: ReactNode;
}

/**
 * A form that edits a resource: its fields, errors, and buttons to save or discard the changes. The errors are next to the
 * buttons, because the form may be long.
 */
export function EditForm({ edit, resource, errorTitle, discardsStale, readOnly, children }: EditFormProps) {
  const { onSubmit, busy, failure, changed, stale, discard, reapply } = edit;
  const title = isProblem(failure, "stale") ? undefined : (errorTitle ?? `Could not save the ${resource}`);
  return (
    <form onSubmit={onSubmit} noValidate className="flex max-w-2xl flex-col gap-4">
      <fieldset disabled={readOnly} className="contents">
        {children}
      </fieldset>
      {stale ? (
        <StaleNotice resource={resource} onReload={discardsStale ? discard : reapply} keepsChanges={!discardsStale} />
      ) : (
        <FormError error={failure} title={title} />
      )}
      {!readOnly && (
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={busy} disabled={!changed || stale}>
            Save
          </Button>
          {changed && <Button onClick={discard}>Discard changes</Button>}
        </div>
      )}
    </form>
  );
}
