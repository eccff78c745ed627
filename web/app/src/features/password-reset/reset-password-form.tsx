import { isProblem } from "@vestibule/client";
import { requiredFields, useApiForm } from "../../lib/api-form";
import type { PasswordPolicy } from "../../lib/password-rules";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { FormError } from "../../ui/form-error";
import { NewPasswordField } from "../../ui/new-password-field";

const schema = requiredFields({ new_password: "Choose a password." });

interface ResetPasswordFormProps {
  token: string;
  policy: PasswordPolicy;
  onReset(): void;
  onExpired(): void;
}

/** Sets a password with an emailed link: a password reset or an invitation. */
export function ResetPasswordForm({ token, policy, onReset, onExpired }: ResetPasswordFormProps) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { new_password: "" },
    send: async ({ new_password }) => {
      try {
        await client.resetPassword({ body: { token, new_password } });
        onReset();
      } catch (error) {
        if (!isProblem(error, "invalid_token")) throw error;
        onExpired();
      }
    },
  });

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not set your password" />
      <NewPasswordField
        {...register("new_password")}
        label="New password"
        error={errorAt("new_password")}
        password={form.watch("new_password")}
        policy={policy}
        autoFocus
        className="h-10"
      />
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Set password
      </Button>
    </form>
  );
}
