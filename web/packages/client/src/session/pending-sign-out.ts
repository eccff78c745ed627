import { pageStorage } from "./browser.js";

/** The memory of a sign-out that the server has not confirmed, shared by all tabs. */
export interface PendingSignOut {
  get(): boolean;
  set(pending: boolean): void;
}

/** Stores it in `localStorage` under `key`, so that it outlasts the page, or else in memory. */
export function createPendingSignOut(key: string): PendingSignOut {
  const page = pageStorage();
  let stored = false;
  if (page) return { get: () => key in page, set: (next) => (next ? page.setItem(key, "1") : page.removeItem(key)) };
  return {
    get: () => stored,
    set(next) {
      stored = next;
    },
  };
}
