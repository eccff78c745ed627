import { isProblem, type SecondFactorRequired } from "@vestibule/client";
import { signInWithPasskey } from "@vestibule/client/passkeys";
import { useEffect, useState } from "react";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { type Proof, ProofForm } from "./proof-form";

interface SecondFactorFormProps {
  /** The error of the sign-in with the password. */
  required: SecondFactorRequired;
  onSignedIn(): void;
  /** Returns to the password. */
  onRestart(): void;
}

/** The second step of a sign-in, after the password. Loaded on demand. */
export default function SecondFactorForm({ required, onSignedIn, onRestart }: SecondFactorFormProps) {
  const { challenge, methods, expires_in } = required;
  const [expired, setExpired] = useState(false);

  useEffect(() => {
    if (expires_in === null) return;
    const timer = setTimeout(() => setExpired(true), expires_in * 1000);
    return () => clearTimeout(timer);
  }, [expires_in]);

  async function completeWith({ method, code }: Proof): Promise<void> {
    if (method !== "password") await client.completeSignIn({ challenge, method, code });
  }

  /** Shows that the challenge has expired, instead of an error. */
  async function detectExpiry<Result>(proof: Promise<Result>): Promise<Result> {
    return proof.catch((error) => {
      if (isProblem(error, "invalid_token")) setExpired(true);
      throw error;
    });
  }

  if (expired) {
    return (
      <div className="flex flex-col gap-4">
        <Notice tone="warning" title="This sign-in has expired">
          It took too long, or too many codes were incorrect. Sign in with your password again.
        </Notice>
        <Button variant="primary" size="lg" autoFocus onClick={onRestart}>
          Start again
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">One more step to sign in.</p>
      <ProofForm
        methods={methods}
        action="Sign in"
        prove={(proof) => detectExpiry(completeWith(proof))}
        proveWithPasskey={() => detectExpiry(signInWithPasskey(client, { challenge }))}
        onProved={onSignedIn}
        exit={
          <button type="button" className="link self-start" onClick={onRestart}>
            Start again
          </button>
        }
      />
    </div>
  );
}
