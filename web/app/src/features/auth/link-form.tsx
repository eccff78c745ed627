import { MailCheck } from "lucide-react";
import { useState } from "react";
import { useApiForm } from "../../lib/api-form";
import { Button } from "../../ui/button";
import { EmailInput } from "../../ui/email-input";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { linkSchema } from "./schema";

interface LinkFormProps {
  /** Asks for the mail. */
  send(values: { email: string }): Promise<unknown>;
  /** What the button does: "Send the link". */
  action: string;
  email?: string;
}

/**
 * Asks for a link by mail. The answer is the same whether the address has an account or not, so what is
 * said afterwards is too.
 */
export function LinkForm({ send, action, email = "" }: LinkFormProps) {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: linkSchema,
    defaultValues: { email },
    send,
    onSuccess: (_nothing, values) => setSentTo(values.email),
  });

  if (sentTo !== null) {
    return (
      <div role="status" className="flex flex-col gap-4">
        <p className="flex gap-2.5">
          <MailCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success-text" />
          <span>
            If there is an account with <strong className="font-medium">{sentTo}</strong>, a link is on its way. It can
            take a minute; look in the spam folder too.
          </span>
        </p>
        <Button onClick={() => setSentTo(null)}>Use another address</Button>
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
