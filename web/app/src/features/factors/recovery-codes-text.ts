/** Returns the text of the file with recovery codes. */
export function toText(codes: readonly string[], email: string, origin: string): string {
  return [
    "Vestibule recovery codes",
    `Account: ${email}`,
    `Server: ${origin}`,
    "",
    "Each code signs you in once if you lose your phone or passkey.",
    "",
    ...codes,
    "",
  ].join("\n");
}
