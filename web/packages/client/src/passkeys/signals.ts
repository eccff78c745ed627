import type { Factors, User } from "../schema.gen.js";
import { passkeyMethods } from "./support.js";

type Browser = ReturnType<typeof passkeyMethods>;

/**
 * Tells the password manager which passkeys of the user are valid, so that it removes all others. Pass factors that have
 * just been loaded. Sends nothing if there are none: an empty list would remove passkeys for good. Never rejects.
 */
export function signalAcceptedPasskeys({ passkeys, rp_id, user_handle }: Factors): Promise<void> {
  return signal(rp_id, (browser, rpId) => {
    if (passkeys.length === 0) return;
    const allAcceptedCredentialIds = passkeys.map(({ credential_id }) => credential_id);
    return browser.signalAllAcceptedCredentials?.({ rpId, userId: user_handle, allAcceptedCredentialIds });
  });
}

/** Tells the password manager the current names of the user. Never rejects. */
export function signalUserDetails(
  { rp_id, user_handle }: Factors,
  { email, display_name }: Pick<User, "email" | "display_name">,
): Promise<void> {
  const details = { userId: user_handle, name: email, displayName: display_name ?? email };
  return signal(rp_id, (browser, rpId) => browser.signalCurrentUserDetails?.({ rpId, ...details }));
}

/** Tells the password manager that the server does not know a passkey, so that it is no longer offered. Never rejects. */
export function signalUnknownPasskey(rpId: string | null, credentialId: string): Promise<void> {
  return signal(rpId, (browser, rpId) => browser.signalUnknownCredential?.({ rpId, credentialId }));
}

/** Signals are hints: no failure of theirs concerns the user. */
async function signal(rpId: string | null, send: (browser: Browser, rpId: string) => Promise<void> | undefined) {
  try {
    if (rpId !== null) await send(passkeyMethods(), rpId);
  } catch {
    // The browser rejected the signal.
  }
}
