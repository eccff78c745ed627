"use client";

import { useEffect, useState } from "react";
import type { StepUpRequired } from "../session/step-up.js";
import { useClient } from "./context.js";
import type { Proof } from "./proof-form.js";

/** A proof of identity. The browser asks for the passkey itself. */
export type StepUpProof = Proof;

/** A request to prove one's identity again, and the functions that answer it. */
export interface UseStepUp {
  /** The request, with the methods that the user can choose from; `null` if there is none. */
  readonly request: StepUpRequired | null;
  /** Sends a proof. If it is accepted, the calls that wait for it are repeated. Rejects otherwise, so the user can retry. */
  prove(proof: StepUpProof): Promise<void>;
  /** Lets the calls that wait for a proof fail with `step_up_required`. */
  cancel(): void;
}

interface Pending {
  readonly request: StepUpRequired;
  settle(succeeded: boolean): void;
}

/**
 * Answers the requests of the server to prove one's identity again before a sensitive call, for a dialog of your own: pass
 * it as `stepUp` to the provider. A sign-out cancels a request.
 */
export function useStepUp(): UseStepUp {
  const client = useClient();
  const [pending, setPending] = useState<Pending | null>(null);

  useEffect(() => {
    let settle = (_succeeded: boolean) => {};
    const removeHandler = client.onStepUpRequired(
      (request) =>
        new Promise((resolve) => {
          settle = (succeeded) => {
            setPending(null);
            resolve(succeeded);
          };
          setPending({ request, settle });
        }),
    );
    const unsubscribe = client.session.subscribe(() => {
      if (client.session.getState().status === "signed_out") settle(false);
    });
    return () => {
      removeHandler();
      unsubscribe();
      settle(false);
    };
  }, [client]);

  return {
    request: pending?.request ?? null,
    async prove(proof) {
      if (proof.method === "passkey") {
        const { stepUpWithPasskey } = await import("../passkeys/index.js");
        await stepUpWithPasskey(client);
      } else {
        await client.stepUp({ body: proof.method === "password" ? { password: proof.password } : proof });
      }
      pending?.settle(true);
    },
    cancel: () => pending?.settle(false),
  };
}
