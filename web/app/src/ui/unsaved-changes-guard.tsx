import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { client } from "../lib/session";
import { addEdits, type Edits, hasUnsavedChanges, type UnsavedChanges } from "../lib/unsaved-changes";
import { ConfirmDialog } from "./confirm-dialog";

interface UnsavedChangesOptions {
  /** The edits are in a dialog, which closes with a change of the search parameters too. */
  inDialog?: boolean;
}

/**
 * Asks for confirmation before the edits of a page or dialog are lost: when the user opens another page, goes back, or
 * closes or reloads the tab. Returns the value of the `UnsavedChangesContext`, and the dialog that asks.
 */
export function useUnsavedChangesGuard({ inDialog = false }: UnsavedChangesOptions = {}): [UnsavedChanges, ReactNode] {
  const [question, setQuestion] = useState<{ answer(discard: boolean): void }>();

  const context = useMemo(() => {
    const edits: Edits = new Set();
    async function confirmDiscard(): Promise<boolean> {
      if (!hasUnsavedChanges(edits)) return true;
      const discard = await new Promise<boolean>((answer) => setQuestion({ answer }));
      setQuestion(undefined);
      if (discard) edits.clear();
      return discard;
    }
    return { edits, confirmDiscard };
  }, []);

  useEffect(() => addEdits(context.edits), [context]);
  useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      const isLost = inDialog || current.pathname !== next.pathname;
      // Does not ask after sign-out: the changes can no longer be saved.
      const isSignedIn = client.session.getState().status === "signed_in";
      return isLost && isSignedIn && !(await context.confirmDiscard());
    },
    enableBeforeUnload: () => hasUnsavedChanges(context.edits),
  });

  const dialog = (
    <ConfirmDialog
      open={question !== undefined}
      onOpenChange={(open) => !open && question?.answer(false)}
      title="Discard unsaved changes?"
      description="Your changes have not been saved and will be lost."
      action="Discard changes"
      destructive
      onConfirm={() => question?.answer(true)}
    />
  );
  return [context, dialog];
}
