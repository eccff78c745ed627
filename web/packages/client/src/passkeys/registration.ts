import type { VestibuleClient } from "../client.js";
import type { AddedPasskey } from "../schema.gen.js";
import { callBrowser, createPasskey } from "./browser-call.js";
import { PasskeyError } from "./passkey-error.js";
import { automaticPasskeysSupported, passkeysSupported } from "./support.js";

/** Options of `addPasskey`. */
export interface AddPasskeyOptions {
  /** @defaultValue the name of the authenticator */
  readonly name?: string | undefined;
}

/**
 * Creates a passkey and adds it to the account of the current user. With the first factor of an account, the result has
 * its recovery codes, which are never shown again. Rejects with a `PasskeyError` if the browser created none.
 */
export async function addPasskey(client: VestibuleClient, { name }: AddPasskeyOptions = {}): Promise<AddedPasskey> {
  if (!passkeysSupported()) throw new PasskeyError("unsupported");
  return create(client, "optional", name);
}

/**
 * Adds a passkey without a dialog after a sign-in with a saved password. Call it right after the sign-in. Returns `null`
 * if the browser cannot or does not create one, and never rejects. Show the recovery codes of the result, if it has any.
 */
export async function addPasskeyAutomatically(client: VestibuleClient): Promise<AddedPasskey | null> {
  return (await automaticPasskeysSupported()) ? create(client, "conditional").catch(() => null) : null;
}

async function create(client: VestibuleClient, mediation: CredentialMediationRequirement, name?: string) {
  const { challenge_id, public_key } = await client.requestNewPasskey();
  const credential = await callBrowser((signal) => createPasskey(public_key, signal, mediation));
  return client.addPasskey({ body: { challenge_id, credential, ...(name !== undefined && { name }) } });
}
