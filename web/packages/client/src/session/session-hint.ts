import { inPage } from "./browser.js";

/**
 * Returns whether a refresh with the cookie transport can succeed. Next to the HttpOnly refresh cookie, the server
 * sets a hint cookie that scripts can read. Its name ends with the port of the server, unless that is a default one.
 * Because cookies ignore the port, it may belong to another server on this host. If the server has a different host, the
 * hint is not visible here, and the result is `true`.
 */
export function mayHaveSession(baseUrl: string): boolean {
  return !canReadHint(baseUrl) || /(^|; )vestibule_signed_in(_\d+)?=1(;|$)/.test(document.cookie);
}

/** Returns whether the server has the host of the page. */
function canReadHint(baseUrl: string): boolean {
  return inPage && new URL(baseUrl, document.baseURI).hostname === location.hostname;
}
