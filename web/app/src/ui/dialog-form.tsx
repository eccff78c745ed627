import type { ReactNode } from "react";
import type { ApiForm } from "../lib/api-form";
import { useForgetChanges } from "../lib/unsaved-changes";
import { Button } from "./button";
import { DialogActions } from "./dialog";
import { FormError } from "./form-error";

interface DialogFormProps {
  /** The result of `useApiForm`. */
  form: ApiForm;
  /** "Could not create the role" */
  errorTitle: string;
  /** The label of the button: "Create role". */
  action: string;
  /** Makes the button red, for actions that lose data. */
  destructive?: boolean;
  onCancel(): void;
  /** The fields. */
  children: ReactNode;
}

/** A form in a `Dialog`: its fields, errors and buttons. The errors are next to the buttons, because it may be long. */
export function DialogForm({ form, errorTitle, action, destructive = false, onCancel, children }: DialogFormProps) {
  const forgetChanges = useForgetChanges();

  function cancel() {
    forgetChanges();
    onCancel();
  }

  return (
    <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-4">
      {children}
      <FormError error={form.failure} title={errorTitle} />
      <DialogActions>
        <Button onClick={cancel}>Cancel</Button>
        <Button type="submit" variant={destructive ? "danger" : "primary"} busy={form.busy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
