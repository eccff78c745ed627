import { isProblem } from "@vestibule/client";
import { useApiForm } from "../../lib/api-form";
import type { PasswordPolicy } from "../../lib/password-rules";
import { Button } from "../../ui/button";
import { EmailInput } from "../../ui/email-input";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { NewPasswordField } from "../../ui/new-password-field";
import { Notice } from "../../ui/notice";
import { setUp } from "./api";
import { setUpSchema } from "./schema";

interface SetUpFormProps {
  token: string;
  policy: PasswordPolicy;
  onSetUp(email: string, password: string): unknown;
}

/** Makes the first administrator. */
export function SetUpForm({ token, policy, onSetUp }: SetUpFormProps) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: setUpSchema,
    defaultValues: { email: "", password: "" },
    send: (values) => setUp({ token, ...values }),
    onSuccess: (_user, { email, password }) => onSetUp(email, password),
    texts: {
      "email:taken": "This address has an account already, which setup does not promote. Take another address.",
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <SetUpFailure failure={failure} />
      <Field label="Email" error={errorAt("email")}>
        <EmailInput {...register("email")} autoFocus />
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
        Create administrator
      </Button>
    </form>
  );
}

function SetUpFailure({ failure }: { failure: unknown }) {
  if (isProblem(failure, "invalid_token")) {
    return (
      <Notice tone="danger" title="This is not the link of this server">
        Copy the whole link that the server printed when it last started.
      </Notice>
    );
  }
  return <FormError error={failure} title="Could not create the administrator" />;
}
