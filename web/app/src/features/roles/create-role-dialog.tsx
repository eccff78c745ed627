import { useNavigate } from "@tanstack/react-router";
import { useCreateRole } from "@vestibule/client/query";
import { useApiForm } from "../../lib/api-form";
import { Button } from "../../ui/button";
import { Dialog, DialogActions } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
import { nameHint, nameTaken, roleSchema } from "./form-schema";

/** Creates a role without permissions and opens its page, where they are added. */
export default function CreateRoleDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const create = useCreateRole();
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: roleSchema,
    defaultValues: { name: "", description: "" },
    send: ({ name, description }) => create.mutateAsync({ name, ...(description && { description }) }),
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
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        <FormError error={failure} title="Could not create the role" />
        <Field label="Name" error={errorAt("name")} hint={nameHint}>
          <Input {...register("name")} autoCapitalize="none" autoComplete="off" spellCheck={false} />
        </Field>
        <Field label="Description" optional error={errorAt("description")} hint="The purpose of the role.">
          <Input {...register("description")} autoComplete="off" />
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy}>
            Create role
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
