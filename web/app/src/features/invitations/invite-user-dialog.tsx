import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { rolesQuery, settingsQuery, useCreateUser } from "@vestibule/client/query";
import { useApiForm } from "../../lib/api-form";
import { client, useCan } from "../../lib/session";
import { Button } from "../../ui/button";
import { LabeledCheckbox } from "../../ui/checkbox";
import { Dialog, DialogActions } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
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

  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: inviteSchema,
    defaultValues: { email: "", display_name: "", roles: ["member"], sets_password: false, password: "" },
    send: ({ email, display_name, roles, sets_password, password }) =>
      create.mutateAsync({
        email,
        ...(display_name && { display_name }),
        ...(canAssignRoles && { roles }),
        ...(sets_password && { password }),
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
  const setsPassword = form.watch("sets_password");

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not create the user" />
      <Field label="Email" error={errorAt("email")}>
        <Input {...register("email")} type="email" autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Field>
      <Field label="Name" optional error={errorAt("display_name")}>
        <Input {...register("display_name")} autoComplete="off" />
      </Field>
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
          <FormError error={roles.error} title="Could not load roles" />
        </fieldset>
      )}
      <LabeledCheckbox
        {...register("sets_password")}
        label="Set a password now"
        hint="Otherwise we email them a link to set one. It expires after 24 hours."
      />
      {setsPassword && (
        <NewPasswordField
          {...register("password")}
          label="Password"
          error={errorAt("password")}
          password={form.watch("password")}
          email={form.watch("email")}
          policy={settings.data?.password}
        />
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {setsPassword ? "Create user" : "Send invitation"}
        </Button>
      </DialogActions>
    </form>
  );
}
