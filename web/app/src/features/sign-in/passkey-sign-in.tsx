import { useMutation } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { isPasskeyError } from "../../lib/errors";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { PasskeyError } from "./passkey-error";

const loadPasskeys = () => import("@vestibule/client/passkeys");

/** Signs in with a passkey, with a button and in the autofill of the email field. */
export function PasskeySignIn({ onSignedIn }: { onSignedIn(): void }) {
  const button = useMutation({
    mutationFn: async () => (await loadPasskeys()).signInWithPasskey(client),
    onSuccess: onSignedIn,
  });
  const autofillError = usePasskeyAutofill({ enabled: !button.isPending, onSignedIn });

  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-3 text-muted text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </div>
      <PasskeyError error={button.isIdle ? autofillError : button.error} />
      <Button size="lg" busy={button.isPending} onPointerEnter={loadPasskeys} onClick={() => button.mutate()}>
        <Fingerprint aria-hidden />
        Sign in with a passkey
      </Button>
    </div>
  );
}

/**
 * Offers passkeys in the autofill of the email field, again after one was not accepted. Returns the error of the last
 * one.
 */
function usePasskeyAutofill({ enabled, onSignedIn }: { enabled: boolean; onSignedIn(): void }): unknown {
  const [error, setError] = useState<unknown>(null);
  const handleSignIn = useEffectEvent(onSignedIn);

  // biome-ignore lint/correctness/useExhaustiveDependencies: offers passkeys again after an error
  useEffect(() => {
    if (!enabled) return;
    const controller = new AbortController();
    void offerPasskeys(controller.signal).then((signedIn) => signedIn && handleSignIn(), setError);
    return () => controller.abort();
  }, [enabled, error]);
  return error;
}

/**
 * Waits until the user chooses a passkey and returns `true`, or `false` if passkeys can no longer be offered. Rejects if
 * the server does not accept the passkey.
 */
async function offerPasskeys(signal: AbortSignal): Promise<boolean> {
  const passkeys = await loadPasskeys().catch(() => null);
  if (!(await passkeys?.passkeyAutofillSupported())) return false;
  try {
    await passkeys?.signInWithPasskey(client, { autofill: true, signal });
    return true;
  } catch (error) {
    if (isPasskeyError(error)) return false;
    throw error;
  }
}
