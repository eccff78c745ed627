import { isProblem } from "@vestibule/client";
import { useApiForm } from "../../lib/api-form";
import type { PasswordPolicy } from "../../lib/password-rules";
import { Button } from "../../ui/button";
import { FormError } from "../../ui/form-error";
import { NewPasswordField } from "../../ui/new-password-field";
import { resetPassword } from "./api";
import { resetSchema } from "./schema";

interface ResetFormProps {
  token: string;
  policy: PasswordPolicy;
  onReset(): void;
  onExpired(): void;
}

/** Chooses a password by a mailed link: a forgotten one, or the first one of somebody who was invited. */
export function ResetForm({ token, policy, onReset, onExpired }: ResetFormProps) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: resetSchema,
    defaultValues: { new_password: "" },
    send: async (values) => {
      try {
        await resetPassword({ token, ...values });
        onReset();
      } catch (error) {
        if (!isProblem(error, "invalid_token")) throw error;
        onExpired();
      }
    },
  });

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not set the password" />
      <NewPasswordField
        {...register("new_password")}
        label="New password"
        error={errorAt("new_password")}
        typed={form.watch("new_password")}
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
