/** Returns whether the browser supports passkeys. Without HTTPS or localhost, none does. */
export function passkeysSupported(): boolean {
  return typeof PublicKeyCredential === "function";
}

/** Returns the methods of the browser for passkeys, any of which can be missing. */
export function passkeyMethods(): Partial<typeof PublicKeyCredential> {
  return passkeysSupported() ? PublicKeyCredential : {};
}

/** Returns whether the browser offers passkeys in the autofill of an input with `autocomplete="username webauthn"`. */
export async function passkeyAutofillSupported(): Promise<boolean> {
  return (
    (await passkeyMethods()
      .isConditionalMediationAvailable?.()
      .catch(() => false)) ?? false
  );
}

/** Returns whether the browser can create a passkey without a dialog after a sign-in with a saved password. */
export async function automaticPasskeysSupported(): Promise<boolean> {
  const capabilities = await passkeyMethods()
    .getClientCapabilities?.()
    .catch(() => null);
  return capabilities?.conditionalCreate === true;
}
