import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { rolesQuery, settingsQuery, useCreateUser } from "@vestibule/client/query";
import { useApiForm } from "../../lib/api-form";
import { client, usePermissions } from "../../lib/session";
import { Button } from "../../ui/button";
import { LabelledCheckbox } from "../../ui/checkbox";
import { Dialog, DialogActions } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
import { NewPasswordField } from "../../ui/new-password-field";
import { toast } from "../../ui/toast";
import { RoleChecklist } from "./role-checklist";
import { newUserSchema } from "./schema";

/** Makes an account for somebody, who gets a link to choose a password, unless one is set here. */
export default function CreateUserDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Invite a user"
      description="They can sign in as soon as they have a password."
    >
      <CreateUserForm onClose={onClose} />
    </Dialog>
  );
}

function CreateUserForm({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const holds = usePermissions();
  const choosesRoles = holds("roles:assign") && holds("roles:read");
  const roles = useQuery({ ...rolesQuery(client), enabled: choosesRoles });
  const settings = useQuery(settingsQuery(client));
  const create = useCreateUser();

  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: newUserSchema,
    defaultValues: { email: "", display_name: "", roles: ["member"], sets_password: false, password: "" },
    send: ({ email, display_name, roles, sets_password, password }) =>
      create.mutateAsync({
        email,
        ...(display_name && { display_name }),
        ...(choosesRoles && { roles }),
        ...(sets_password && { password }),
      }),
    onSuccess: (user, { sets_password }) => {
      onClose();
      toast.done(sets_password ? `Created ${user.email}` : `Invited ${user.email}. A link is on its way.`, {
        label: "Open",
        run: () => void navigate({ to: "/admin/users/$userId", params: { userId: user.id } }),
      });
    },
    texts: { "email:taken": "There is an account with this address already." },
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
      {choosesRoles && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 font-medium text-sm">Roles</legend>
          <RoleChecklist
            roles={roles.data ?? []}
            chosen={form.watch("roles")}
            onChange={(chosen) => {
              form.clearErrors("roles");
              form.setValue("roles", chosen);
            }}
          />
          <p aria-live="polite" className="text-danger-text text-sm empty:hidden">
            {errorAt("roles")}
          </p>
          <FormError error={roles.error} title="Could not load the roles" />
        </fieldset>
      )}
      <LabelledCheckbox
        {...register("sets_password")}
        label="Set a password now"
        hint="Otherwise they are mailed a link to choose one. It works for 24 hours."
      />
      {setsPassword && (
        <NewPasswordField
          {...register("password")}
          label="Password"
          error={errorAt("password")}
          typed={form.watch("password")}
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
