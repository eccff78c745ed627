import type { Versioned } from "../operations.js";
import type { Me } from "../schema.gen.js";

/** The state of the session in this tab. */
export type SessionState =
  /** Not known yet: the session of an earlier visit has not been restored. It stays so during server rendering. */
  | { readonly status: "loading" }
  /**
   * Not known, because the server could not be reached or returned an error, such as 429 or 5xx. The session is restored
   * automatically; `restore` tries at once.
   */
  | { readonly status: "offline"; readonly error: unknown }
  /** Also while the server of a signed-in user is down. */
  | { readonly status: "signed_in"; readonly sessionId: string; readonly user: Versioned<Me> }
  | { readonly status: "signed_out" };

/** A value that notifies its listeners when it is replaced. */
export interface Observable<Value> {
  get(): Value;
  set(next: Value): void;
  /** Adds a listener and returns a function that removes it. */
  subscribe(listener: () => void): () => void;
}

/** Creates an observable with an initial value. */
export function observable<Value>(value: Value): Observable<Value> {
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
