import { pageStorage } from "./browser.js";

/** The access token of a session. It is held in memory only. */
export interface AccessToken {
  readonly accessToken: string;
  /** When the token expires by the local clock, in milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly sessionId: string;
}

/** Storage for the refresh token, used with the transport `body`. */
export interface TokenStorage {
  /** Returns the stored token, or `null` if there is none. */
  get(): string | null | Promise<string | null>;
  /** Stores a token; `null` removes it. */
  set(token: string | null): void | Promise<void>;
}

/**
 * Stores the refresh token in `localStorage` under `key`, where every script of the page can read it. Stores it in memory
 * in Node and where the browser blocks `localStorage`.
 */
export function localStorageTokens(key = "vestibule.refresh_token"): TokenStorage {
  const page = pageStorage();
  if (!page) return memoryTokens();
  return {
    get: () => page.getItem(key),
    set: (token) => (token === null ? page.removeItem(key) : page.setItem(key, token)),
  };
}

/** Stores the refresh token in memory, until the page is closed or reloaded. */
export function memoryTokens(): TokenStorage {
  let stored: string | null = null;
  return {
    get: () => stored,
    set: (token) => {
      stored = token;
    },
  };
}
