import type { Versioned } from "../operation.js";
import type { Me } from "../schema.gen.js";

/** What is known about whoever uses this tab. */
export type SessionState =
  /** Not known yet: the session of an earlier visit is being carried on. */
  | { readonly status: "loading" }
  | { readonly status: "signed_in"; readonly sessionId: string; readonly user: Versioned<Me> }
  | { readonly status: "signed_out" }
  /** Not known, because the server could not be asked; `restore` tries again. */
  | { readonly status: "failed"; readonly error: unknown };

/** A value that tells its listeners when it is replaced. */
export interface Observable<Value> {
  get(): Value;
  set(next: Value): void;
  subscribe(listener: () => void): () => void;
}

/** Makes a value that can be observed. */
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
