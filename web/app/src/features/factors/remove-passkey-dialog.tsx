import type { Passkey } from "@vestibule/client";
import { useDeletePasskey } from "@vestibule/client/query";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { toast } from "../../ui/toast";

interface RemovePasskeyDialogProps {
  passkey: Passkey;
  /** The user has no other second factor. */
  isLast: boolean;
  onClose(): void;
}

export function RemovePasskeyDialog({ passkey, isLast, onClose }: RemovePasskeyDialogProps) {
  const { mutate, isPending, error } = useDeletePasskey();

  function remove() {
    mutate(
      { passkey_id: passkey.id },
      {
        onSuccess: () => {
          toast.success(`Removed ${passkey.name}`);
          onClose();
        },
      },
    );
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${passkey.name}?`}
      description={
        <>
          You can no longer sign in with this passkey.
          {isLast && " Your account will no longer have a second factor, and your recovery codes stop working."}
        </>
      }
      action="Remove passkey"
      destructive
      busy={isPending}
      error={error}
      errorTitle="Could not remove the passkey"
      onConfirm={remove}
    />
  );
}
