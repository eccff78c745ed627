import { useSuspenseQuery } from "@tanstack/react-query";
import { settingsQuery, useChangePassword } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import { useApiForm } from "../../lib/api-form";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { NewPasswordField } from "../../ui/new-password-field";
import { PasswordInput } from "../../ui/password-input";
import { toast } from "../../ui/toast";
import { changePasswordSchema } from "./form-schema";

export function PasswordSection() {
  const me = useMe();
  const change = useChangePassword();
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const { form, register, field, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: changePasswordSchema,
    defaultValues: { current_password: "", new_password: "" },
    send: (body) => change.mutateAsync({ body }),
    onSuccess: () => {
      form.reset();
      toast.success("Password changed. All other devices were signed out.");
    },
    texts: { "current_password:wrong_password": "The current password is incorrect." },
  });

  return (
    <Section title="Password" description="Changing your password signs out all other devices.">
      <form onSubmit={onSubmit} noValidate className="flex max-w-sm flex-col gap-4">
        <FormError error={failure} title="Could not change your password" />
        {/* Lets password managers identify the account. */}
        <input type="text" autoComplete="username" value={me.email} readOnly hidden />
        <Field label="Current password" error={errorAt("current_password")}>
          <PasswordInput {...register("current_password")} autoComplete="current-password" />
        </Field>
        <NewPasswordField
          {...field("new_password")}
          label="New password"
          password={form.watch("new_password")}
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
