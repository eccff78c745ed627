import { Button } from "../../ui/button";
import { FormError } from "../../ui/form-error";
import { StaleNotice } from "../../ui/stale-notice";
import { describeChanges, summarizeChanges } from "./role-draft";
import type { RoleEdit } from "./use-role-edit";

/** Shows unsaved changes of a role, with buttons to save or discard them. */
export function SaveBar({ edit }: { edit: RoleEdit }) {
  return (
    <>
      {/* The live region is always rendered, so that screen readers announce changes. */}
      <p role="status" className={edit.justSaved ? "px-4 pb-4 text-sm text-success-text sm:px-5" : "sr-only"}>
        {edit.justSaved && "Saved. Changes take effect immediately."}
        {edit.changed && describeChanges(edit.changes)}
      </p>
      {edit.changed && (
        <div className="sticky bottom-0 z-10 flex flex-col gap-3 rounded-b-lg border-line border-t bg-raised px-4 py-3 sm:px-5">
          {edit.stale && <StaleNotice resource="role" onReload={edit.reapply} keepsChanges />}
          <FormError error={edit.failure} title="Could not save the role" />
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p aria-hidden="true" className="text-sm">
              <span className="text-muted">Unsaved changes: </span>
              <span className="font-medium tabular-nums">{summarizeChanges(edit.changes)}</span>
            </p>
            <div className="ml-auto flex gap-2">
              <Button onClick={edit.discard}>Discard</Button>
              {!edit.stale && (
                <Button variant="primary" busy={edit.saving} onClick={edit.save}>
                  Save changes
                </Button>
              )}
            </div>
          </div>
        </div>
      )}
    </>
  );
}
