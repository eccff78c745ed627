import type { Passkey } from "@vestibule/client";
import { useUpdatePasskey } from "@vestibule/client/query";
import * as z from "zod/mini";
import { useApiForm } from "../../lib/api-form";
import { text } from "../../lib/field-values";
import { Dialog } from "../../ui/dialog";
import { DialogForm } from "../../ui/dialog-form";
import { TextField } from "../../ui/form-fields";

const schema = z.object({ name: text({ max: 100, required: "Enter a name." }) });

interface RenamePasskeyDialogProps {
  passkey: Passkey;
  onClose(): void;
}

export function RenamePasskeyDialog({ passkey, onClose }: RenamePasskeyDialogProps) {
  const update = useUpdatePasskey();
  const form = useApiForm({
    schema,
    defaultValues: { name: passkey.name },
    send: (body) => update.mutateAsync({ passkey_id: passkey.id, body }),
    onSuccess: onClose,
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Rename passkey">
      <DialogForm form={form} errorTitle="Could not rename the passkey" action="Rename" onCancel={onClose}>
        <TextField {...form.field("name")} label="Name" hint="For example, the device that it is stored on." />
      </DialogForm>
    </Dialog>
  );
}
