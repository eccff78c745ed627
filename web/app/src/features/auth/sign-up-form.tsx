import { useApiForm } from "../../lib/api-form";
import type { PasswordPolicy } from "../../lib/password-rules";
import { Button } from "../../ui/button";
import { EmailInput } from "../../ui/email-input";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
import { TextLink } from "../../ui/links";
import { NewPasswordField } from "../../ui/new-password-field";
import { signUp } from "./api";
import { signUpSchema } from "./schema";

interface SignUpFormProps {
  policy: PasswordPolicy;
  onSignedUp(email: string, password: string): unknown;
}

export function SignUpForm({ policy, onSignedUp }: SignUpFormProps) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: signUpSchema,
    defaultValues: { email: "", password: "", display_name: "" },
    send: ({ display_name, ...rest }) => signUp({ ...rest, ...(display_name && { display_name }) }),
    onSuccess: (_user, { email, password }) => onSignedUp(email, password),
  });
  const taken = form.formState.errors.email?.type === "taken";

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not create the account" />
      <Field
        label="Email"
        error={
          taken ? (
            <>
              This address has an account already. <TextLink to="/sign-in">Sign in</TextLink> or{" "}
              <TextLink to="/forgot-password">choose a new password</TextLink>.
            </>
          ) : (
            errorAt("email")
          )
        }
      >
        <EmailInput {...register("email")} autoFocus />
      </Field>
      <Field label="Name" optional error={errorAt("display_name")}>
        <Input {...register("display_name")} autoComplete="name" className="h-10" />
      </Field>
      <NewPasswordField
        {...register("password")}
        label="Password"
        error={errorAt("password")}
        typed={form.watch("password")}
        email={form.watch("email")}
        policy={policy}
        className="h-10"
      />
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Create account
      </Button>
    </form>
  );
}
