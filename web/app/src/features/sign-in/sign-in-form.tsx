import { isProblem } from "@vestibule/client";
import { requiredFields, useApiForm } from "../../lib/api-form";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { EmailInput } from "../../ui/input";
import { TextLink } from "../../ui/links";
import { Notice } from "../../ui/notice";
import { PasswordInput } from "../../ui/password-input";
import { RateLimitNotice, useRetryCountdown } from "../../ui/rate-limit-notice";
import { ResendButton } from "../../ui/resend-button";

/** Requires a password but checks no policy: an existing password may predate it. */
const schema = requiredFields({ email: "Enter your email address.", password: "Enter your password." });

export function SignInForm({ onSignedIn }: { onSignedIn(): void }) {
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { email: "", password: "" },
    send: (credentials) => client.session.signIn(credentials),
    onSuccess: onSignedIn,
  });
  const remaining = useRetryCountdown(failure);

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <SignInError failure={failure} remaining={remaining} email={form.getValues("email")} />
      <Field label="Email" error={errorAt("email")}>
        <EmailInput {...register("email")} autoFocus />
      </Field>
      <Field
        label="Password"
        error={errorAt("password")}
        aside={
          <TextLink to="/forgot-password" tabIndex={0}>
            Forgot password?
          </TextLink>
        }
      >
        <PasswordInput {...register("password")} autoComplete="current-password" className="h-10" />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy} disabled={remaining > 0}>
        Sign in
      </Button>
    </form>
  );
}

/** The reason why the last attempt failed. An unknown email and an incorrect password have the same message. */
function SignInError({ failure, remaining, email }: { failure: unknown; remaining: number; email: string }) {
  switch (isProblem(failure) && failure.code) {
    case "too_many_requests":
      return (
        <RateLimitNotice
          remaining={remaining}
          reason="This limit protects accounts from password guessing."
          advice="If you forgot your password, reset it instead of guessing."
        />
      );
    case "invalid_credentials":
      return (
        <Notice tone="danger" title="Incorrect email or password">
          Check both and try again.
        </Notice>
      );
    case "account_disabled":
      return (
        <Notice tone="danger" title="This account is disabled">
          Contact an administrator to enable it.
        </Notice>
      );
    case "email_not_verified":
      return (
        <Notice
          tone="warning"
          title="Verify your email address"
          action={<ResendButton send={() => client.resendVerificationEmail({ body: { email } })} />}
        >
          Open the link we sent to {email}.
        </Notice>
      );
    default:
      return <FormError error={failure} />;
  }
}
