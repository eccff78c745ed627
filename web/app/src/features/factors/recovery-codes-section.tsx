import type { Factors } from "@vestibule/client";
import { useReplaceRecoveryCodes } from "@vestibule/client/query";
import { useState } from "react";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { Skeleton } from "../../ui/skeleton";
import { hasSecondFactor } from "./has-second-factor";

/** The number of recovery codes that the server generates. */
const TOTAL = 10;

/** The number of unused codes from which on the page warns. */
const FEW = 3;

interface RecoveryCodesSectionProps {
  /** `undefined` while loading. */
  factors: Factors | undefined;
  onRecoveryCodes(codes: readonly string[]): void;
}

/** The number of unused recovery codes, which can be replaced with new ones. */
export function RecoveryCodesSection({ factors, onRecoveryCodes }: RecoveryCodesSectionProps) {
  const [confirming, setConfirming] = useState(false);
  const { mutate, isPending, error } = useReplaceRecoveryCodes();

  function generate() {
    mutate(undefined, {
      onSuccess: ({ recovery_codes }) => {
        setConfirming(false);
        onRecoveryCodes(recovery_codes);
      },
    });
  }

  return (
    <Section
      title="Recovery codes"
      description="Each code signs you in once if you lose your phone or passkey."
      actions={
        factors && hasSecondFactor(factors) && <Button onClick={() => setConfirming(true)}>Generate new codes…</Button>
      }
    >
      <div className="text-sm">{factors ? <Remaining factors={factors} /> : <Skeleton className="w-1/4" />}</div>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title="Generate new recovery codes?"
        description="Your current recovery codes stop working."
        action="Generate codes"
        busy={isPending}
        error={error}
        errorTitle="Could not generate recovery codes"
        onConfirm={generate}
      />
    </Section>
  );
}

function Remaining({ factors }: { factors: Factors }) {
  if (!hasSecondFactor(factors)) {
    return <p className="text-muted">You get recovery codes when you set up an authenticator app or a passkey.</p>;
  }
  const remaining = factors.recovery_codes?.remaining ?? 0;
  return (
    <p className="flex flex-wrap items-center gap-2">
      <Badge tone={remaining > FEW ? "success" : "warning"}>{`${remaining} of ${TOTAL} left`}</Badge>
      {remaining <= FEW && <span>Generate new codes before you run out of them.</span>}
    </p>
  );
}
