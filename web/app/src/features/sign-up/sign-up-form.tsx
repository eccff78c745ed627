import { requiredFields, useApiForm } from "../../lib/api-form";
import type { PasswordPolicy } from "../../lib/password-rules";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { EmailInput, Input } from "../../ui/input";
import { TextLink } from "../../ui/links";
import { NewPasswordField } from "../../ui/new-password-field";

const schema = requiredFields({
  email: "Enter your email address.",
  password: "Choose a password.",
  display_name: null,
});

interface SignUpFormProps {
  policy: PasswordPolicy;
  onSignedUp(email: string, password: string): unknown;
}

export function SignUpForm({ policy, onSignedUp }: SignUpFormProps) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { email: "", password: "", display_name: "" },
    send: ({ display_name, ...rest }) =>
      client.createUser({ body: { ...rest, ...(display_name && { display_name }) } }),
    onSuccess: (_user, { email, password }) => onSignedUp(email, password),
  });
  const isTaken = form.formState.errors.email?.type === "taken";

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not create your account" />
      <Field
        label="Email"
        error={
          isTaken ? (
            <>
              An account with this email already exists. <TextLink to="/sign-in">Sign in</TextLink> or{" "}
              <TextLink to="/forgot-password">reset your password</TextLink>.
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
        password={form.watch("password")}
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
