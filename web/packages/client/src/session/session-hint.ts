const cookieName = "vestibule_signed_in";

/**
 * Returns whether a refresh with the cookie transport can succeed. Next to the HttpOnly refresh cookie, the server
 * sets a hint cookie that scripts can read. If the server has a different host, the hint is not visible here, and the
 * result is `true`.
 */
export function mayHaveSession(baseUrl: string): boolean {
  return !canReadHint(baseUrl) || document.cookie.split("; ").includes(`${cookieName}=1`);
}

/** Removes the hint cookie, so that a sign-out lasts on this device even if the server is unreachable. */
export function clearSessionHint(baseUrl: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not supported everywhere
  if (canReadHint(baseUrl)) document.cookie = `${cookieName}=; Path=/; Max-Age=0; SameSite=Strict`;
}

/** Returns whether the server has the host of the page. Cookies ignore the port. */
function canReadHint(baseUrl: string): boolean {
  return typeof document !== "undefined" && new URL(baseUrl, document.baseURI).hostname === location.hostname;
}
