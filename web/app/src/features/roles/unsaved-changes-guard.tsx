import { useBlocker } from "@tanstack/react-router";
import { client } from "../../lib/session";
import { ConfirmDialog } from "../../ui/confirm-dialog";

/** Asks for confirmation before the user leaves the page with unsaved changes. */
export function UnsavedChangesGuard({ changed, name }: { changed: boolean; name: string }) {
  const blocker = useBlocker({
    // Does not ask after sign-out: the changes can no longer be saved.
    shouldBlockFn: ({ current, next }) =>
      changed && current.pathname !== next.pathname && client.session.getState().status === "signed_in",
    enableBeforeUnload: () => changed,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => !open && blocker.reset?.()}
      title="Discard unsaved changes?"
      description={`Your changes to ${name} have not been saved. If you leave, they will be lost.`}
      action="Discard changes"
      destructive
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
