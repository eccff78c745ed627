import type { Versioned } from "../operations.js";
import type { Me } from "../schema.gen.js";

/** The state of the session in this tab. */
export type SessionState =
  /** Not known yet: the session of an earlier visit has not been restored. */
  | { readonly status: "loading" }
  | { readonly status: "signed_in"; readonly sessionId: string; readonly user: Versioned<Me> }
  | { readonly status: "signed_out" }
  /** Not known, because a call to the server failed with `error`. `restore` tries again. */
  | { readonly status: "failed"; readonly error: unknown };

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
