import type { Factors } from "@vestibule/client";
import { useCreateTotp, useDeleteTotp } from "@vestibule/client/query";
import { lazy, Suspense, useState } from "react";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { FormError } from "../../ui/form-error";
import { DateTime } from "../../ui/relative-time";
import { Skeleton } from "../../ui/skeleton";
import { toast } from "../../ui/toast";

const loadDialog = () => import("./set-up-totp-dialog");
const SetUpTotpDialog = lazy(loadDialog);

interface AuthenticatorAppSectionProps {
  /** `undefined` while loading. */
  factors: Factors | undefined;
  onRecoveryCodes(codes: readonly string[]): void;
}

/** Sets up an app that generates the codes for signing in, or removes it. */
export function AuthenticatorAppSection({ factors, onRecoveryCodes }: AuthenticatorAppSectionProps) {
  const create = useCreateTotp();
  const [removing, setRemoving] = useState(false);

  function onConfirmed(recoveryCodes: readonly string[] | null) {
    create.reset();
    toast.success("Authenticator app set up");
    if (recoveryCodes) onRecoveryCodes(recoveryCodes);
  }

  return (
    <Section
      title="Authenticator app"
      description="An app on your phone generates a code for each sign-in, in addition to your password."
      actions={
        factors &&
        (factors.totp ? (
          <Button variant="danger-secondary" onClick={() => setRemoving(true)}>
            Remove app…
          </Button>
        ) : (
          <Button busy={create.isPending} onPointerEnter={loadDialog} onClick={() => create.mutate()}>
            Set up app…
          </Button>
        ))
      }
    >
      <div className="flex flex-col gap-4 text-sm">
        {factors ? <Status totp={factors.totp} /> : <Skeleton className="w-1/3" />}
        <FormError error={create.error} title="Could not set up the authenticator app" />
      </div>
      <Suspense>
        {create.data && <SetUpTotpDialog totp={create.data} onConfirmed={onConfirmed} onClose={create.reset} />}
      </Suspense>
      <RemoveTotpDialog open={removing} onOpenChange={setRemoving} isLast={factors?.passkeys.length === 0} />
    </Section>
  );
}

function Status({ totp }: { totp: Factors["totp"] }) {
  if (!totp) {
    return (
      <p>
        <Badge>Off</Badge>
      </p>
    );
  }
  return (
    <p className="flex flex-wrap items-center gap-2">
      <Badge tone="success">On</Badge>
      <span className="text-muted">
        Set up on <DateTime value={totp.confirmed_at} />
      </span>
    </p>
  );
}

interface RemoveTotpDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The user has no other second factor. */
  isLast: boolean;
}

function RemoveTotpDialog({ open, onOpenChange, isLast }: RemoveTotpDialogProps) {
  const { mutate, isPending, error } = useDeleteTotp();

  function remove() {
    mutate(undefined, {
      onSuccess: () => {
        onOpenChange(false);
        toast.success("Authenticator app removed");
      },
    });
  }
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Remove the authenticator app?"
      description={
        isLast
          ? "Your account will no longer have a second factor, and your recovery codes stop working."
          : "Its codes no longer sign you in. You can still use your passkeys."
      }
      action="Remove app"
      destructive
      busy={isPending}
      error={error}
      errorTitle="Could not remove the authenticator app"
      onConfirm={remove}
    />
  );
}
