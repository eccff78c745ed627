import type { ProofMethod } from "@vestibule/client";
import type { UseStepUp } from "@vestibule/client/react";
import { useState } from "react";
import { Dialog } from "../../ui/dialog";
import { type Proof, ProofForm } from "./proof-form";

interface StepUpDialogProps {
  methods: readonly ProofMethod[];
  prove: UseStepUp["prove"];
  onCancel(): void;
}

/** Asks for another proof of identity before a sensitive change. Loaded on first use. */
export default function StepUpDialog({ methods, prove, onCancel }: StepUpDialogProps) {
  // It may be in another dialog, to which the focus returns.
  const [opener] = useState(() => (document.activeElement instanceof HTMLElement ? document.activeElement : null));
  const proveByTyping = ({ method, code }: Proof) =>
    prove(method === "password" ? { method, password: code } : { method, code });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onCancel()}
      title="Confirm that it's you"
      description="This protects your account if someone else uses your device."
      finalFocus={opener}
    >
      <ProofForm
        methods={methods}
        action="Continue"
        prove={proveByTyping}
        proveWithPasskey={() => prove({ method: "passkey" })}
      />
    </Dialog>
  );
}
