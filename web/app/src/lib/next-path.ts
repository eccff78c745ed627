/** The destination if `next` is missing or unsafe. */
const HOME = "/";

/**
 * Returns the path to open after sign-in, from the `next` search parameter. Prevents open redirects: accepts only paths
 * on this origin, except the sign-in, sign-up and sign-out pages.
 */
export function safeNextPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return HOME;
  const base = "https://this.invalid";
  let url: URL;
  try {
    // Parses the path like a browser does: "/\evil.example" and "/<tab>/evil.example" refer to another host.
    url = new URL(next, base);
  } catch {
    return HOME;
  }
  if (url.origin !== base || url.pathname.startsWith("//")) return HOME;
  if (/^\/sign-(in|up|out)\b/.test(url.pathname)) return HOME;
  return url.pathname + url.search + url.hash;
}
