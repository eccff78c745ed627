import { isProblem } from "@vestibule/client";
import { useApiForm } from "../../lib/api-form";
import { Button } from "../../ui/button";
import { EmailInput } from "../../ui/email-input";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { TextLink } from "../../ui/links";
import { Notice } from "../../ui/notice";
import { PasswordInput } from "../../ui/password-input";
import { resendVerification, signIn } from "./api";
import { ResendButton } from "./resend-button";
import { signInSchema } from "./schema";
import { ThrottleNotice, useThrottle } from "./throttle-notice";

interface SignInFormProps {
  /** Filled in already, after signing up or resetting. */
  email?: string;
  onSignedIn(): void;
}

export function SignInForm({ email = "", onSignedIn }: SignInFormProps) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: signInSchema,
    defaultValues: { email, password: "" },
    send: signIn,
    onSuccess: onSignedIn,
  });
  const wait = useThrottle(failure);

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <SignInFailure failure={failure} wait={wait} email={form.getValues("email")} />
      <Field label="Email" error={errorAt("email")}>
        <EmailInput {...register("email")} autoFocus={email === ""} />
      </Field>
      <Field
        label="Password"
        error={errorAt("password")}
        aside={
          <TextLink to="/forgot-password" tabIndex={0}>
            Forgot it?
          </TextLink>
        }
      >
        <PasswordInput
          {...register("password")}
          autoComplete="current-password"
          autoFocus={email !== ""}
          className="h-10"
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy} disabled={wait > 0}>
        Sign in
      </Button>
    </form>
  );
}

/** Why the last attempt failed. All wrong credentials have one message, whoever they are of. */
function SignInFailure({ failure, wait, email }: { failure: unknown; wait: number; email: string }) {
  switch (isProblem(failure) && failure.code) {
    case "too_many_requests":
      return <ThrottleNotice failure={failure} left={wait} />;
    case "invalid_credentials":
      return (
        <Notice tone="danger" title="That did not match">
          Check the email address and the password, and try again.
        </Notice>
      );
    case "account_disabled":
      return (
        <Notice tone="danger" title="This account is disabled">
          An administrator can enable it again.
        </Notice>
      );
    case "email_not_verified":
      return (
        <Notice
          tone="warning"
          title="Verify your email address first"
          action={<ResendButton send={() => resendVerification({ email })} />}
        >
          Open the link that was mailed to {email}.
        </Notice>
      );
    default:
      return <FormError error={failure} />;
  }
}
