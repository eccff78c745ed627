import { MailCheck } from "lucide-react";
import { type ReactNode, useState } from "react";
import { requiredFields, useApiForm } from "../lib/api-form";
import { Button } from "./button";
import { Field } from "./field";
import { FormError } from "./form-error";
import { EmailInput } from "./input";

const schema = requiredFields({ email: "Enter your email address." });

interface RequestLinkFormProps {
  /** Requests the email. */
  send(values: { email: string }): Promise<unknown>;
  /** The label of the button: "Send reset link". */
  action: string;
  email?: string;
  /** Confirms the request: "If an account exists for EMAIL, we've sent a link." */
  confirmation?(email: ReactNode): ReactNode;
}

/**
 * Requests a link by email. The response does not reveal whether the account exists, and neither does the confirmation.
 */
export function RequestLinkForm({ send, action, email = "", confirmation = ifAccountExists }: RequestLinkFormProps) {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { email },
    send,
    onSuccess: (_response, values) => setSentTo(values.email),
  });

  if (sentTo !== null) {
    return (
      <div role="status" className="flex flex-col gap-4">
        <p className="flex gap-2.5">
          <MailCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success-text" />
          <span>
            {confirmation(<strong className="font-medium">{sentTo}</strong>)} It may take a minute to arrive; check your
            spam folder too.
          </span>
        </p>
        <Button onClick={() => setSentTo(null)}>Use a different email</Button>
      </div>
    );
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not send the link" />
      <Field label="Email" error={errorAt("email")}>
        <EmailInput {...register("email")} autoFocus />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        {action}
      </Button>
    </form>
  );
}

function ifAccountExists(email: ReactNode): ReactNode {
  return <>If an account exists for {email}, we've sent a link.</>;
}
