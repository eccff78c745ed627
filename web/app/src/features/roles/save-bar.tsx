import { Button } from "../../ui/button";
import { FormError } from "../../ui/form-error";
import { Notice } from "../../ui/notice";
import { sentenceOf, summaryOf } from "./draft";
import type { RoleEdit } from "./use-role-edit";

/** At the foot of a role while an edit is not saved: what it comes to, and the way to keep it or not. */
export function SaveBar({ edit }: { edit: RoleEdit }) {
  return (
    <>
      {/* The region stays, so that what comes into it is announced. */}
      <p role="status" className={edit.justSaved ? "px-4 pb-4 text-sm text-success-text sm:px-5" : "sr-only"}>
        {edit.justSaved && "Saved. It holds from each user's next request on."}
        {edit.changed && sentenceOf(edit.changes)}
      </p>
      {edit.changed && (
        <div className="sticky bottom-0 z-10 flex flex-col gap-3 rounded-b-lg border-line border-t bg-raised px-4 py-3 sm:px-5">
          {edit.stale && <StaleEdit edit={edit} />}
          <FormError error={edit.failure} title="Could not save the role" />
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p aria-hidden="true" className="text-sm">
              <span className="text-muted">Not saved: </span>
              <span className="font-medium tabular-nums">{summaryOf(edit.changes)}</span>
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

function StaleEdit({ edit }: { edit: RoleEdit }) {
  return (
    <Notice tone="warning" title="Somebody else changed this role meanwhile">
      <p>Nothing of yours was saved. Load the new version with your changes on top, look at them again, then save.</p>
      <Button size="sm" className="mt-2" onClick={edit.carryOver}>
        Load it, keep my changes
      </Button>
    </Notice>
  );
}
