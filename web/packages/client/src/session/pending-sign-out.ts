import { pageStorage } from "./browser.js";

/** The memory of a sign-out that the server has not confirmed, shared by all tabs. */
export interface PendingSignOut {
  get(): boolean;
  set(pending: boolean): void;
}

/** Stores it in `localStorage` under `key`, so that it outlasts the page, or else in memory. */
export function createPendingSignOut(key: string): PendingSignOut {
  const page = pageStorage();
  let inMemory = false;
  return {
    get: () => inMemory || (page !== null && key in page),
    set(next) {
      inMemory = false;
      try {
        if (next) page?.setItem(key, "1");
        else page?.removeItem(key);
      } catch {
        // The storage is full or disabled.
      }
      if (next && !(page !== null && key in page)) inMemory = true;
    },
  };
}
