import { useBlocker } from "@tanstack/react-router";
import { client } from "../../lib/session";
import { ConfirmDialog } from "../../ui/confirm-dialog";

/** Asks before an edit is lost by going to another page or closing the window. */
export function LeaveGuard({ changed, name }: { changed: boolean; name: string }) {
  const blocker = useBlocker({
    // Whoever is signed out cannot save any more; then there is nothing to ask.
    shouldBlockFn: ({ current, next }) =>
      changed && current.pathname !== next.pathname && client.session.getState().status === "signed_in",
    enableBeforeUnload: () => changed,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => !open && blocker.reset?.()}
      title="Leave without saving?"
      description={`Your changes to ${name} are not saved. They are lost when you leave.`}
      action="Discard and leave"
      destructive
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
