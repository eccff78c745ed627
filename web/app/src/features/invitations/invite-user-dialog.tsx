import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { rolesQuery, settingsQuery, useCreateUser } from "@vestibule/client/query";
import { useApiForm } from "../../lib/api-form";
import { client, useCan } from "../../lib/session";
import { Dialog } from "../../ui/dialog";
import { DialogForm } from "../../ui/dialog-form";
import { FormError } from "../../ui/form-error";
import { CheckboxField, TextField } from "../../ui/form-fields";
import { NewPasswordField } from "../../ui/new-password-field";
import { RoleChecklist } from "../../ui/role-checklist";
import { toast } from "../../ui/toast";
import { inviteSchema } from "./form-schema";

/** Creates a user. Sends an invitation to set a password, unless the administrator sets one. */
export default function InviteUserDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog open onOpenChange={onClose} title="Invite user" description="They can sign in once they have a password.">
      <InviteUserForm onClose={onClose} />
    </Dialog>
  );
}

function InviteUserForm({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const can = useCan();
  const canAssignRoles = can("roles:assign") && can("roles:read");
  const roles = useQuery({ ...rolesQuery(client), enabled: canAssignRoles });
  const settings = useQuery(settingsQuery(client));
  const create = useCreateUser();

  const apiForm = useApiForm({
    schema: inviteSchema,
    defaultValues: { email: "", display_name: "", roles: ["member"], sets_password: false, password: "" },
    send: ({ email, display_name, roles, sets_password, password }) =>
      create.mutateAsync({
        body: {
          email,
          ...(display_name && { display_name }),
          ...(canAssignRoles && { roles }),
          ...(sets_password && { password }),
        },
      }),
    onSuccess: (user, { sets_password }) => {
      onClose();
      toast.success(sets_password ? `Created ${user.email}` : `Invitation sent to ${user.email}`, {
        label: "View",
        run: () => void navigate({ to: "/admin/users/$userId", params: { userId: user.id } }),
      });
    },
    texts: { "email:taken": "An account with this email already exists." },
  });
  const { form, field, errorAt } = apiForm;
  const setsPassword = form.watch("sets_password");

  return (
    <DialogForm
      form={apiForm}
      errorTitle="Could not create the user"
      action={setsPassword ? "Create user" : "Send invitation"}
      onCancel={onClose}
    >
      <TextField {...field("email")} label="Email" type="email" autoCapitalize="none" spellCheck={false} />
      <TextField {...field("display_name")} label="Name" optional />
      {canAssignRoles && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 font-medium text-sm">Roles</legend>
          <RoleChecklist
            roles={roles.data ?? []}
            selected={form.watch("roles")}
            onChange={(selected) => {
              form.clearErrors("roles");
              form.setValue("roles", selected);
            }}
          />
          <p aria-live="polite" className="text-danger-text text-sm empty:hidden">
            {errorAt("roles")}
          </p>
          <FormError error={roles.error} title="Could not load roles" onRetry={() => void roles.refetch()} />
        </fieldset>
      )}
      <CheckboxField
        {...field("sets_password")}
        label="Set a password now"
        hint="Otherwise we email them a link to set one. It expires after 24 hours."
      />
      {setsPassword && (
        <NewPasswordField
          {...field("password")}
          label="Password"
          password={form.watch("password")}
          email={form.watch("email")}
          policy={settings.data?.password}
        />
      )}
    </DialogForm>
  );
}
