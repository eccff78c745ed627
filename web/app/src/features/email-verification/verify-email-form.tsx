import { isProblem } from "@vestibule/client";
import { requiredFields, useApiForm } from "../../lib/api-form";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { TextLink } from "../../ui/links";
import { Notice } from "../../ui/notice";
import { PasswordInput } from "../../ui/password-input";

const schema = requiredFields({ password: "Enter your password." });

interface VerifyEmailFormProps {
  token: string;
  onVerified(): void;
  onAlreadyVerified(): void;
  onRequestNewLink(): void;
}

/**
 * Verifies an email address while signed out. Requires the account's password in addition to the link, so that the
 * owner of a mailbox cannot confirm an account that an attacker created with their address.
 */
export function VerifyEmailForm({ token, onVerified, onAlreadyVerified, onRequestNewLink }: VerifyEmailFormProps) {
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { password: "" },
    send: async ({ password }) => {
      try {
        await client.verifyEmail({ body: { token, password } });
        onVerified();
      } catch (error) {
        if (!isProblem(error) || error.reason !== "already_verified") throw error;
        onAlreadyVerified();
      }
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      {isProblem(failure, "invalid_token") ? (
        <Notice tone="danger" title="Could not verify your email">
          {/* The server does not reveal which: that would let attackers test links. */}
          The password is incorrect or the link has expired.{" "}
          <button type="button" className="link" onClick={onRequestNewLink}>
            Get a new link
          </button>
        </Notice>
      ) : (
        <FormError error={failure} title="Could not verify your email" />
      )}
      <Field
        label="Account password"
        error={errorAt("password")}
        hint={
          <>
            Forgot it, or didn't create this account? <TextLink to="/forgot-password">Reset the password</TextLink>.
            This also verifies your email.
          </>
        }
      >
        <PasswordInput {...register("password")} autoComplete="current-password" autoFocus className="h-10" />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Verify email
      </Button>
    </form>
  );
}
