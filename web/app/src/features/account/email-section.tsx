import { useMutation } from "@tanstack/react-query";
import { useCancelEmailChange, useRequestEmailChange } from "@vestibule/client/query";
import { useState } from "react";
import { useApiForm } from "../../lib/api-form";
import { client, useMe } from "../../lib/session";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { Dialog, DialogActions } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
import { Notice } from "../../ui/notice";
import { PasswordInput } from "../../ui/password-input";
import { toast } from "../../ui/toast";
import { emailSchema } from "./schema";
import { wrongPassword } from "./wrong-password";

/** The address, and a change of it that waits for its confirmation. */
export function EmailSection() {
  const me = useMe();
  const [changing, setChanging] = useState(false);

  return (
    <Section
      title="Email address"
      description="You sign in with it, and links to reset the password go there."
      actions={<Button onClick={() => setChanging(true)}>Change…</Button>}
    >
      <div className="flex flex-col gap-4">
        <p className="flex flex-wrap items-center gap-2">
          <span className="break-all">{me.email}</span>
          {me.email_verified ? <Badge tone="success">Verified</Badge> : <Badge tone="warning">Not verified</Badge>}
        </p>
        {!me.email_verified && <UnverifiedNotice email={me.email} />}
        {me.pending_email && <PendingNotice address={me.pending_email} />}
      </div>
      <Dialog
        open={changing}
        onOpenChange={setChanging}
        title="Change your email address"
        description="A link goes to the new address. The change takes effect when you open it; until then nothing changes."
      >
        <ChangeEmailForm onDone={() => setChanging(false)} />
      </Dialog>
    </Section>
  );
}

function UnverifiedNotice({ email }: { email: string }) {
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => client.resendVerificationEmail({ body: { email } }),
  });
  return (
    <>
      <Notice
        tone="warning"
        title="This address is not verified"
        action={
          isSuccess ? undefined : (
            <Button size="sm" busy={isPending} onClick={() => mutate()}>
              Send the link
            </Button>
          )
        }
      >
        {isSuccess
          ? "A link is on its way. It works for 24 hours."
          : "Open the link that was mailed to you, or get a new one."}
      </Notice>
      <FormError error={error} title="Could not send the link" />
    </>
  );
}

function PendingNotice({ address }: { address: string }) {
  const { mutate, isPending, error } = useCancelEmailChange();
  return (
    <>
      <Notice
        title="A change is waiting to be confirmed"
        action={
          <Button
            size="sm"
            busy={isPending}
            onClick={() => mutate(undefined, { onSuccess: () => toast.done("The change of address is cancelled") })}
          >
            Cancel the change
          </Button>
        }
      >
        Open the link that was sent to <strong className="break-all font-medium">{address}</strong>. It works for 30
        minutes.
      </Notice>
      <FormError error={error} title="Could not cancel the change" />
    </>
  );
}

function ChangeEmailForm({ onDone }: { onDone(): void }) {
  const request = useRequestEmailChange();
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: emailSchema,
    defaultValues: { new_email: "", current_password: "" },
    send: request.mutateAsync,
    onSuccess: onDone,
    texts: wrongPassword,
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not change the address" />
      <Field label="New email address" error={errorAt("new_email")}>
        <Input {...register("new_email")} type="email" autoComplete="email" autoCapitalize="none" spellCheck={false} />
      </Field>
      <Field label="Current password" error={errorAt("current_password")}>
        <PasswordInput {...register("current_password")} autoComplete="current-password" />
      </Field>
      <DialogActions>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" busy={busy}>
          Send the link
        </Button>
      </DialogActions>
    </form>
  );
}
