"use client";

import { useEffect, useRef, useState } from "react";
import type { VestibuleClient } from "../client.js";
import { PasskeyError } from "../passkeys/passkey-error.js";
import { passkeyAutofillSupported, passkeysSupported } from "../passkeys/support.js";
import { useClient } from "./context.js";
import { useServerSettings } from "./use-server-settings.js";

/** The state of the sign-in with a passkey, and the function that starts it. */
export interface PasskeySignIn {
  /** True if both the server and the browser support passkeys. */
  readonly available: boolean;
  readonly busy: boolean;
  /** The error of the last attempt. */
  readonly failure: unknown;
  signIn(): Promise<void>;
}

const idle = { busy: false, failure: null };

/** Signs in with a passkey that the user chooses in a dialog or, if it is enabled, in the autofill of the email field. */
export function usePasskeySignIn(autofill: boolean, onSignedIn: (() => void) | undefined): PasskeySignIn {
  const client = useClient();
  const available = useServerSettings()?.passkeys === true && passkeysSupported();
  const [state, setState] = useState<{ busy: boolean; failure: unknown }>(idle);
  const signedIn = useRef(onSignedIn);

  useEffect(() => {
    signedIn.current = onSignedIn;
  });

  // Any new state restarts the autofill, because an attempt has ended it.
  useEffect(() => {
    if (!available || !autofill || state.busy) return;
    const controller = new AbortController();
    offerInAutofill(client, controller.signal).then(
      (succeeded) => succeeded && signedIn.current?.(),
      (failure) => setState({ busy: false, failure }),
    );
    return () => controller.abort();
  }, [client, available, autofill, state]);

  async function signIn() {
    if (state.busy) return;
    setState({ busy: true, failure: null });
    try {
      const { signInWithPasskey } = await import("../passkeys/index.js");
      await signInWithPasskey(client);
      setState(idle);
      signedIn.current?.();
    } catch (failure) {
      setState({ busy: false, failure });
    }
  }

  return { ...state, available, signIn };
}

/** Returns whether the user signed in. Rejects only if they chose a passkey that was not accepted. */
async function offerInAutofill(client: VestibuleClient, signal: AbortSignal): Promise<boolean> {
  const passkeys =
    (await passkeyAutofillSupported()) && (await import("../passkeys/index.js").catch(() => false as const));
  if (!passkeys || signal.aborted) return false;
  try {
    await passkeys.signInWithPasskey(client, { autofill: true, signal });
    return true;
  } catch (error) {
    if (error instanceof PasskeyError) return false;
    throw error;
  }
}
