import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { Button } from "./button";
import { DialogActions } from "./dialog";
import { FormError } from "./form-error";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** A question: "Delete ana@example.com?" */
  title: string;
  /** The consequences, and whether they can be undone. */
  description: ReactNode;
  /** The label of the confirm button, with the verb of the title: "Delete user". */
  action: string;
  /** Makes the confirm button red, for actions that lose data. */
  destructive?: boolean;
  busy?: boolean;
  /** The error of the last attempt, shown in the open dialog. */
  error?: unknown;
  /** Defaults to the title of the error. */
  errorTitle?: string;
  onConfirm(): void;
  /** Additional content above the buttons. */
  children?: ReactNode;
}

/** Asks for confirmation before an action with serious consequences. "Cancel" has the initial focus. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  action,
  destructive = false,
  busy = false,
  error,
  errorTitle,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="scrim fade-motion fixed inset-0 z-40" />
        <AlertDialog.Popup className="float-motion fixed inset-x-4 top-[18vh] z-50 mx-auto max-h-[76dvh] max-w-md overflow-y-auto rounded-lg bg-raised p-5 shadow-float">
          <AlertDialog.Title className="font-semibold text-lg">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-muted" render={<div />}>
            {description}
          </AlertDialog.Description>
          {children && <div className="mt-4">{children}</div>}
          <FormError error={error} title={errorTitle} className="mt-4" />
          <DialogActions>
            <AlertDialog.Close render={<Button>Cancel</Button>} />
            <Button variant={destructive ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
              {action}
            </Button>
          </DialogActions>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
