import { useMutation } from "@tanstack/react-query";
import { useCancelEmailChange, useRequestEmailChange } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import { useState } from "react";
import { useApiForm } from "../../lib/api-form";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { Dialog } from "../../ui/dialog";
import { DialogForm } from "../../ui/dialog-form";
import { FormError } from "../../ui/form-error";
import { TextField } from "../../ui/form-fields";
import { Notice } from "../../ui/notice";
import { toast } from "../../ui/toast";
import { VerifiedBadge } from "../../ui/verified-badge";
import { changeEmailSchema } from "./form-schema";

/** The email address of the current user and its pending change. */
export function EmailSection() {
  const me = useMe();
  const [changing, setChanging] = useState(false);

  return (
    <Section
      title="Email address"
      description="Used to sign in and to reset your password."
      actions={<Button onClick={() => setChanging(true)}>Change…</Button>}
    >
      <div className="flex flex-col gap-4">
        <p className="flex flex-wrap items-center gap-2">
          <span className="wrap-anywhere">{me.email}</span>
          <VerifiedBadge verified={me.email_verified} />
        </p>
        {!me.email_verified && <UnverifiedNotice email={me.email} />}
        {me.pending_email && <PendingNotice email={me.pending_email} />}
      </div>
      <Dialog
        open={changing}
        onOpenChange={setChanging}
        title="Change your email address"
        description="We'll send a link to the new address. Open it to confirm the change."
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
        title="Your email is not verified"
        action={
          isSuccess ? undefined : (
            <Button size="sm" busy={isPending} onClick={() => mutate()}>
              Resend email
            </Button>
          )
        }
      >
        {isSuccess
          ? "We sent you a link. It expires after 24 hours."
          : "Open the link in the email we sent you, or request a new one."}
      </Notice>
      <FormError error={error} title="Could not send the email" />
    </>
  );
}

function PendingNotice({ email }: { email: string }) {
  const { mutate, isPending, error } = useCancelEmailChange();
  return (
    <>
      <Notice
        title="Confirm your new email"
        action={
          <Button
            size="sm"
            busy={isPending}
            onClick={() => mutate(undefined, { onSuccess: () => toast.success("Email change canceled") })}
          >
            Cancel change
          </Button>
        }
      >
        Open the link we sent to <strong className="wrap-anywhere font-medium">{email}</strong>. It expires after 30
        minutes.
      </Notice>
      <FormError error={error} title="Could not cancel the email change" />
    </>
  );
}

function ChangeEmailForm({ onDone }: { onDone(): void }) {
  const request = useRequestEmailChange();
  const form = useApiForm({
    schema: changeEmailSchema,
    defaultValues: { new_email: "" },
    send: (body) => request.mutateAsync({ body }),
    onSuccess: onDone,
  });
  return (
    <DialogForm form={form} errorTitle="Could not change your email" action="Send link" onCancel={onDone}>
      <TextField
        {...form.field("new_email")}
        label="New email address"
        type="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
      />
    </DialogForm>
  );
}
