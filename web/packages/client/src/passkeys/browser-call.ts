import type { AuthenticationResponse, CreationOptions, RegistrationResponse, RequestOptions } from "../schema.gen.js";
import {
  authenticationResponseFrom,
  creationOptionsFrom,
  registrationResponseFrom,
  requestOptionsFrom,
} from "./json.js";
import { PasskeyError, passkeyErrorFrom } from "./passkey-error.js";
import { passkeysSupported } from "./support.js";

/** The call of this page that has not settled yet. Browsers allow one at a time. */
let pending: { abort(): void; readonly settled: Promise<void> } | null = null;

/**
 * Runs a step that calls the browser, after it has aborted a pending one. Rejects with a `PasskeyError` of the browser,
 * or with the error of a request to the server.
 */
export async function callBrowser<Result>(
  step: (signal: AbortSignal) => Promise<Result>,
  outerSignal?: AbortSignal,
): Promise<Result> {
  if (!passkeysSupported()) throw new PasskeyError("unsupported");
  while (pending) {
    pending.abort();
    await pending.settled;
  }
  if (outerSignal?.aborted) throw new PasskeyError("cancelled", outerSignal.reason);

  const controller = new AbortController();
  const abort = () => controller.abort();
  outerSignal?.addEventListener("abort", abort);
  const result = step(controller.signal);
  const clear = () => {
    pending = null;
    outerSignal?.removeEventListener("abort", abort);
  };
  pending = { abort, settled: result.then(clear, clear) };
  try {
    return await result;
  } catch (error) {
    throw passkeyErrorFrom(error);
  }
}

/** Asks the user for a passkey, in a dialog, or in the autofill with the mediation `conditional`. */
export async function getPasskey(
  options: RequestOptions,
  signal: AbortSignal,
  mediation: CredentialMediationRequirement = "optional",
): Promise<AuthenticationResponse> {
  const publicKey = requestOptionsFrom(options);
  return authenticationResponseFrom(required(await navigator.credentials.get({ publicKey, signal, mediation })));
}

/** Creates a passkey after the user has agreed, or without a dialog with the mediation `conditional`. */
export async function createPasskey(
  options: CreationOptions,
  signal: AbortSignal,
  mediation: CredentialMediationRequirement = "optional",
): Promise<RegistrationResponse> {
  const request = { publicKey: creationOptionsFrom(options), signal, mediation };
  return registrationResponseFrom(required(await navigator.credentials.create(request)));
}

function required(credential: Credential | null): PublicKeyCredential {
  if (!credential) throw new PasskeyError("cancelled");
  return credential as PublicKeyCredential;
}
