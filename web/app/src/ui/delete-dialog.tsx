import { isProblem } from "@vestibule/client";
import type { ReactNode } from "react";
import { useForgetChanges } from "../lib/unsaved-changes";
import { ConfirmDialog } from "./confirm-dialog";
import { toast } from "./toast";

/** The mutation that deletes: the result of `useDeleteRole` and its like. */
interface DeleteMutation<Input> {
  mutate(input: Input, options: { onSuccess(): void; onError(error: Error): void }): void;
  isPending: boolean;
  error: unknown;
  reset(): void;
}

interface DeleteDialogProps<Input> {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The kind of resource: "role". */
  resource: string;
  name: string;
  mutation: DeleteMutation<Input>;
  /** The input of the mutation. With `ifMatch` it deletes only the version that is shown. */
  input: Input;
  /** Called after the resource was deleted, here or by someone else. */
  onDeleted(): void;
  /** Defaults to "Delete NAME?" */
  title?: string;
  /** The consequences. */
  description?: ReactNode;
  /** Defaults to "Delete role". */
  action?: string;
}

/** Confirms the deletion of a resource. */
export function DeleteDialog<Input>(props: DeleteDialogProps<Input>) {
  const { open, onOpenChange, resource, name, mutation, input, onDeleted } = props;
  const { title = `Delete ${name}?`, description = "This can't be undone.", action = `Delete ${resource}` } = props;

  const forgetChanges = useForgetChanges();

  function close() {
    forgetChanges();
    onDeleted();
  }

  function confirm() {
    mutation.mutate(input, {
      onSuccess() {
        toast.success(`Deleted ${name}`);
        close();
      },
      // Someone else has already deleted the resource.
      onError: (error) => isProblem(error) && error.status === 404 && close(),
    });
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) mutation.reset();
        onOpenChange(next);
      }}
      title={title}
      description={description}
      action={action}
      destructive
      busy={mutation.isPending}
      error={mutation.error}
      errorTitle={isProblem(mutation.error, "in_use") ? `Other resources refer to this ${resource}` : undefined}
      onConfirm={confirm}
    />
  );
}
