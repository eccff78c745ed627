import { isProblem } from "@vestibule/client";
import { useApiForm } from "../../lib/api-form";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { TextLink } from "../../ui/links";
import { Notice } from "../../ui/notice";
import { PasswordInput } from "../../ui/password-input";
import { verifyEmail } from "./api";
import { verifySchema } from "./schema";

interface VerifyFormProps {
  token: string;
  onVerified(): void;
  onWantNewLink(): void;
}

/**
 * Verifies an address. Besides the link it takes the account's own password, so that who has only the
 * mailbox cannot confirm an account that somebody else made with the address.
 */
export function VerifyForm({ token, onVerified, onWantNewLink }: VerifyFormProps) {
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: verifySchema,
    defaultValues: { password: "" },
    send: (values) => verifyEmail({ token, ...values }),
    onSuccess: onVerified,
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      {isProblem(failure, "invalid_token") ? (
        <Notice tone="danger" title="That did not work">
          {/* The server does not say which, so that nobody learns it by trying links. */}
          The password is not the account's, or the link has expired.{" "}
          <button type="button" className="link" onClick={onWantNewLink}>
            Get a new link
          </button>
        </Notice>
      ) : (
        <FormError error={failure} title="Could not verify the address" />
      )}
      <Field
        label="Password of the account"
        error={errorAt("password")}
        hint={
          <>
            Not your doing, or forgotten? <TextLink to="/forgot-password">Choose a new password</TextLink>; that
            verifies the address too.
          </>
        }
      >
        <PasswordInput {...register("password")} autoComplete="current-password" autoFocus className="h-10" />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Verify the address
      </Button>
    </form>
  );
}
