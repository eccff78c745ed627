/** Where people go when nothing else was asked for. */
const HOME = "/";

/**
 * The path to go to after signing in, out of the query's `next`: only ever one of this origin, whatever
 * tricks with slashes, backslashes or tabs it plays, and never the pages of signing in themselves.
 */
export function safeNextPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return HOME;
  const base = "https://this.invalid";
  let url: URL;
  try {
    // As the browser will read it: "/\evil.example" and "/<tab>/evil.example" name another host.
    url = new URL(next, base);
  } catch {
    return HOME;
  }
  if (url.origin !== base || url.pathname.startsWith("//")) return HOME;
  if (/^\/sign-(in|up|out)\b/.test(url.pathname)) return HOME;
  return url.pathname + url.search + url.hash;
}
