import { useSuspenseQuery } from "@tanstack/react-query";
import { settingsQuery, useChangePassword } from "@vestibule/client/query";
import { useApiForm } from "../../lib/api-form";
import { client, useMe } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { NewPasswordField } from "../../ui/new-password-field";
import { PasswordInput } from "../../ui/password-input";
import { toast } from "../../ui/toast";
import { passwordSchema } from "./schema";
import { wrongPassword } from "./wrong-password";

export function PasswordSection() {
  const me = useMe();
  const change = useChangePassword();
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: passwordSchema,
    defaultValues: { current_password: "", new_password: "" },
    send: change.mutateAsync,
    onSuccess: () => {
      form.reset();
      toast.done("Password changed. Your other sessions have been signed out.");
    },
    texts: wrongPassword,
  });

  return (
    <Section title="Password" description="Changing it signs you out everywhere else.">
      <form onSubmit={onSubmit} noValidate className="flex max-w-sm flex-col gap-4">
        <FormError error={failure} title="Could not change the password" />
        {/* Tells password managers which account this is. */}
        <input type="text" autoComplete="username" value={me.email} readOnly hidden />
        <Field label="Current password" error={errorAt("current_password")}>
          <PasswordInput {...register("current_password")} autoComplete="current-password" />
        </Field>
        <NewPasswordField
          {...register("new_password")}
          label="New password"
          error={errorAt("new_password")}
          typed={form.watch("new_password")}
          email={me.email}
          policy={settings.password}
        />
        <div>
          <Button type="submit" variant="primary" busy={busy}>
            Change password
          </Button>
        </div>
      </form>
    </Section>
  );
}
