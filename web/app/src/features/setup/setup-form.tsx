import { isProblem } from "@vestibule/client";
import { requiredFields, useApiForm } from "../../lib/api-form";
import type { PasswordPolicy } from "../../lib/password-rules";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { EmailInput } from "../../ui/input";
import { NewPasswordField } from "../../ui/new-password-field";
import { Notice } from "../../ui/notice";

const schema = requiredFields({ email: "Enter your email address.", password: "Choose a password." });

interface SetupFormProps {
  token: string;
  policy: PasswordPolicy;
  onComplete(email: string, password: string): unknown;
}

/** Creates the first administrator. */
export function SetupForm({ token, policy, onComplete }: SetupFormProps) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { email: "", password: "" },
    send: (values) => client.completeSetup({ body: { token, ...values } }),
    onSuccess: (_user, { email, password }) => onComplete(email, password),
    texts: {
      "email:taken":
        "An account with this email already exists. Setup can't make it an administrator; use a different email.",
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <SetupError failure={failure} />
      <Field label="Email" error={errorAt("email")}>
        <EmailInput {...register("email")} autoFocus />
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
        Create administrator
      </Button>
    </form>
  );
}

function SetupError({ failure }: { failure: unknown }) {
  if (isProblem(failure, "invalid_token")) {
    return (
      <Notice tone="danger" title="This setup link is not valid">
        Copy the complete link that the server printed when it last started.
      </Notice>
    );
  }
  return <FormError error={failure} title="Could not create the administrator" />;
}
