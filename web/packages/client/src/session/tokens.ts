/** The access token of a session, as this tab holds it in memory. */
export interface Tokens {
  readonly accessToken: string;
  /** When the token ends, by this machine's clock, in milliseconds. */
  readonly expiresAt: number;
  readonly sessionId: string;
}

/** Where the refresh token is kept with the transport `body`. */
export interface TokenStorage {
  get(): string | null | Promise<string | null>;
  set(token: string | null): void | Promise<void>;
}

/** Keeps the refresh token in `localStorage`, where every script of the page can read it. */
export function localStorageTokens(key = "vestibule.refresh_token"): TokenStorage {
  return {
    get: () => localStorage.getItem(key),
    set: (token) => (token === null ? localStorage.removeItem(key) : localStorage.setItem(key, token)),
  };
}

/** Keeps the refresh token until the page is closed or loaded anew. */
export function memoryTokens(): TokenStorage {
  let kept: string | null = null;
  return {
    get: () => kept,
    set: (token) => {
      kept = token;
    },
  };
}
