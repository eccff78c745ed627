/** True if the code runs in a page, not in Node: only a page has other tabs, and events such as `online`. */
export const inPage = typeof document !== "undefined";

/** Returns the `localStorage` of the page, or `null` in Node and where the browser blocks it. */
export function pageStorage(): Storage | null {
  try {
    return inPage ? localStorage : null;
  } catch {
    return null;
  }
}
