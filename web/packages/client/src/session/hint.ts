const name = "vestibule_signed_in";

/**
 * Whether a refresh by cookie can succeed. Beside its own cookie the server sets one that scripts can read; where
 * the server has another host, that one cannot be seen from here, and only asking tells.
 */
export function mayHaveSession(baseUrl: string): boolean {
  return !readable(baseUrl) || document.cookie.split("; ").includes(`${name}=1`);
}

/** Takes the readable cookie away, so that a sign-out holds on this machine also when the server is out of reach. */
export function forgetHint(baseUrl: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not yet everywhere
  if (readable(baseUrl)) document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Strict`;
}

/** Cookies belong to a host, whatever its port. */
function readable(baseUrl: string): boolean {
  return typeof document !== "undefined" && new URL(baseUrl, document.baseURI).hostname === location.hostname;
}
