import { useNavigate } from "@tanstack/react-router";
import { useCreateRole } from "@vestibule/client/query";
import { useApiForm } from "../../lib/api-form";
import { Dialog } from "../../ui/dialog";
import { DialogForm } from "../../ui/dialog-form";
import { TextField } from "../../ui/form-fields";
import { nameHint, nameTaken, roleSchema } from "./form-schema";

/** Creates a role without permissions and opens its page, where they are added. */
export default function CreateRoleDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const create = useCreateRole();
  const form = useApiForm({
    schema: roleSchema,
    defaultValues: { name: "", description: "" },
    send: ({ name, description }) => create.mutateAsync({ body: { name, ...(description && { description }) } }),
    onSuccess: (role) => navigate({ to: "/admin/roles/$roleId", params: { roleId: role.id } }),
    texts: { "name:taken": nameTaken },
  });

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Create role"
      description="You can add permissions in the next step."
    >
      <DialogForm form={form} errorTitle="Could not create the role" action="Create role" onCancel={onClose}>
        <TextField {...form.field("name")} label="Name" hint={nameHint} autoCapitalize="none" spellCheck={false} />
        <TextField {...form.field("description")} label="Description" optional hint="The purpose of the role." />
      </DialogForm>
    </Dialog>
  );
}
