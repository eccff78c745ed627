import { isProblem, type NewTotp } from "@vestibule/client";
import { useConfirmTotp } from "@vestibule/client/query";
import { requiredFields, useApiForm } from "../../lib/api-form";
import { Button } from "../../ui/button";
import { CodeInput } from "../../ui/code-input";
import { CopyButton } from "../../ui/copy-button";
import { Dialog, DialogActions } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Notice } from "../../ui/notice";
import { QrCode } from "./qr-code";

interface SetUpTotpDialogProps {
  totp: NewTotp;
  /** `recoveryCodes` are new if this is the first second factor. */
  onConfirmed(recoveryCodes: readonly string[] | null): void;
  onClose(): void;
}

/** Shows the secret for the authenticator app and confirms it with a code. Loaded on first use, with the QR encoder. */
export default function SetUpTotpDialog({ totp, onConfirmed, onClose }: SetUpTotpDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Set up an authenticator app"
      description="Scan this QR code with your authenticator app, then enter the code that it shows."
    >
      <div className="flex flex-col gap-5">
        <Secret totp={totp} />
        <ConfirmForm onConfirmed={onConfirmed} onClose={onClose} />
      </div>
    </Dialog>
  );
}

function Secret({ totp: { secret, otpauth_uri } }: { totp: NewTotp }) {
  return (
    <div className="flex flex-col items-center gap-3">
      <QrCode text={otpauth_uri} label="QR code for your authenticator app" className="size-48" />
      <div className="w-full rounded-md border border-line bg-sunken px-3 py-2 text-sm">
        <p className="text-muted">
          Can't scan it? Enter this key in the app, or{" "}
          <a href={otpauth_uri} className="link">
            open an app on this device
          </a>
          .
        </p>
        <p className="mt-1 flex items-center justify-between gap-2">
          <code className="break-words font-mono">{groupByFour(secret)}</code>
          <CopyButton value={secret} label="Copy key" />
        </p>
      </div>
    </div>
  );
}

/** Groups characters, so that they are easier to type: "ABCD EFGH". */
function groupByFour(text: string): string {
  return text.replace(/.{4}(?=.)/g, "$& ");
}

const schema = requiredFields({ code: "Enter the 6-digit code from the app." });

function ConfirmForm({ onConfirmed, onClose }: Omit<SetUpTotpDialogProps, "totp">) {
  const confirm = useConfirmTotp();
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { code: "" },
    send: ({ code }) => confirm.mutateAsync({ body: { code: code.replaceAll(/\s/g, "") } }),
    guarded: false,
    onSuccess: ({ recovery_codes }) => onConfirmed(recovery_codes),
    texts: {
      "code:wrong_code":
        "This code is incorrect. Enter the current one, and check that the clock of your phone is right.",
    },
  });

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <Field label="Code from the app" error={errorAt("code")}>
        <CodeInput {...register("code")} />
      </Field>
      {isProblem(failure, "invalid_token") ? (
        <Notice tone="warning" title="This QR code has expired">
          Close this dialog and set up the app again.
        </Notice>
      ) : (
        <FormError error={failure} title="Could not set up the authenticator app" />
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={busy}>
          Turn on
        </Button>
      </DialogActions>
    </form>
  );
}
