import type { VestibuleClient } from "../client.js";
import { isProblem } from "../problem.js";
import type { AuthenticationResponse, PasskeyRequest } from "../schema.gen.js";
import { callBrowser, getPasskey } from "./browser-call.js";
import { PasskeyError } from "./passkey-error.js";
import { signalUnknownPasskey } from "./signals.js";

/** Options of `signInWithPasskey`. */
export interface PasskeySignInOptions {
  /** The challenge of a sign-in with a password, which the passkey completes as second factor. */
  readonly challenge?: string | undefined;
  /**
   * Offers passkeys in the autofill of an input with `autocomplete="username webauthn"` instead of a dialog, until the user
   * chooses one, the signal is aborted, or another passkey is requested.
   */
  readonly autofill?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface ChosenPasskey {
  readonly request: PasskeyRequest;
  readonly credential: AuthenticationResponse;
}

/**
 * Signs in with a passkey. Rejects with a `PasskeyError` if the browser used none, and otherwise like `signIn`. With
 * `autofill`, a failed request for the options is a `PasskeyError` too, because the user has not done anything yet.
 */
export async function signInWithPasskey(client: VestibuleClient, options: PasskeySignInOptions = {}): Promise<void> {
  const { challenge, autofill = false, signal } = options;
  const { request, credential } = await callBrowser(
    (signal) => (autofill ? offerInAutofill(client, signal) : askForPasskey(client, challenge, signal)),
    signal,
  );
  if (challenge !== undefined) return client.completeSignIn({ challenge, method: "passkey", credential });
  try {
    await client.completeSignIn({ challenge_id: request.challenge_id, credential });
  } catch (error) {
    if (isProblem(error, "unknown_passkey")) await signalUnknownPasskey(request.public_key.rpId, credential.id);
    throw error;
  }
}

/** Proves the identity of the current user with a passkey, for calls that reject with `step_up_required`. */
export async function stepUpWithPasskey(client: VestibuleClient): Promise<void> {
  const { request, credential } = await callBrowser((signal) => askForPasskey(client, undefined, signal));
  await client.stepUp({ body: { challenge_id: request.challenge_id, credential } });
}

async function askForPasskey(
  client: VestibuleClient,
  challenge: string | undefined,
  signal: AbortSignal,
): Promise<ChosenPasskey> {
  const request = await client.requestPasskey({ body: challenge === undefined ? {} : { challenge }, signal });
  return { request, credential: await getPasskey(request.public_key, signal) };
}

/** Waits for the user to choose a passkey, and renews the options before they expire. */
async function offerInAutofill(client: VestibuleClient, signal: AbortSignal): Promise<ChosenPasskey> {
  for (;;) {
    const request = await client.requestPasskey({ body: {}, signal }).catch((error) => {
      throw new PasskeyError(signal.aborted ? "cancelled" : "failed", error);
    });
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    const renewal = setTimeout(abort, request.expires_in * RENEW_AFTER);
    try {
      return { request, credential: await getPasskey(request.public_key, controller.signal, "conditional") };
    } catch (error) {
      if (!controller.signal.aborted || signal.aborted) throw error;
    } finally {
      clearTimeout(renewal);
      signal.removeEventListener("abort", abort);
    }
  }
}

/** Milliseconds per second of the lifetime of the options: 80 %, because browsers delay timers of hidden pages. */
const RENEW_AFTER = 800;
