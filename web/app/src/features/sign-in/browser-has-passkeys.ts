/** Checks whether the browser has passkeys, without loading the code that uses them. */
export function browserHasPasskeys(): boolean {
  return typeof PublicKeyCredential === "function";
}
