import type { Session, SessionState } from "@vestibule/client";

export interface HeldSession extends Session {
  /** Checks whether the session has ended and is held. */
  isHeld(): boolean;
  /** Ends a held session, which discards the changes. */
  release(): void;
}

/**
 * Wraps a session so that it still appears as signed in after it has ended or gone offline, if `mustHold` returns true,
 * until the user is signed in again. Otherwise the page with the unsaved changes would close. Requests fail in the
 * meantime.
 */
export function holdSession(session: Session, mustHold: () => boolean): HeldSession {
  let state = session.getState();
  let held: SessionState | null = null;
  const listeners = new Set<() => void>();

  function notify() {
    for (const listener of listeners) listener();
  }

  session.subscribe(() => {
    const previous = state;
    state = session.getState();
    if (state.status === "signed_in") held = null;
    else if (previous.status === "signed_in" && mustHold()) held = previous;
    notify();
  });

  return {
    ...session,
    getState: () => held ?? session.getState(),
    restore: async () => held ?? (await session.restore()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isHeld: () => held !== null && state.status === "signed_out",
    release() {
      held = null;
      notify();
    },
  };
}
