import { useQuery } from "@tanstack/react-query";
import { type Credentials, isProblem, isSecondFactorRequired, type SecondFactorRequired } from "@vestibule/client";
import { settingsQuery } from "@vestibule/client/query";
import { lazy, Suspense, useState } from "react";
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
import { Spinner } from "../../ui/spinner";
import { browserHasPasskeys } from "./browser-has-passkeys";
import { PasskeySignIn } from "./passkey-sign-in";

const SecondFactorForm = lazy(() => import("./second-factor-form"));

/** Requires a password but checks no policy: an existing password may predate it. */
const schema = requiredFields({ email: "Enter your email address.", password: "Enter your password." });

export function SignInForm({ onSignedIn }: { onSignedIn(): void }) {
  const { data: settings } = useQuery(settingsQuery(client));
  const [secondFactor, setSecondFactor] = useState<SecondFactorRequired | null>(null);
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { email: "", password: "" },
    send: signIn,
    onSuccess: (required) => (required ? setSecondFactor(required) : onSignedIn()),
  });
  const remaining = useRetryCountdown(failure);

  function restart() {
    form.resetField("password");
    setSecondFactor(null);
  }

  if (secondFactor) {
    return (
      <Suspense fallback={<Spinner className="mx-auto my-8" />}>
        <SecondFactorForm required={secondFactor} onSignedIn={onSignedIn} onRestart={restart} />
      </Suspense>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        <SignInError failure={failure} remaining={remaining} email={form.getValues("email")} />
        <Field label="Email" error={errorAt("email")}>
          <EmailInput {...register("email")} autoComplete="username webauthn" autoFocus />
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
      {settings?.passkeys && browserHasPasskeys() && <PasskeySignIn onSignedIn={onSignedIn} />}
    </div>
  );
}

/** Signs in with the password. Returns the error of the server if a second factor has to complete it. */
async function signIn(credentials: Credentials): Promise<SecondFactorRequired | null> {
  try {
    await client.session.signIn(credentials);
    return null;
  } catch (error) {
    if (isSecondFactorRequired(error)) return error;
    throw error;
  }
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
