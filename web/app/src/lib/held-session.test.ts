import type { Session, SessionState } from "@vestibule/client";
import { expect, it, vi } from "vitest";
import { holdSession } from "./held-session";

const signedIn = { status: "signed_in", sessionId: "s1", user: {} } as SessionState;
const signedOut: SessionState = { status: "signed_out" };

function setUp(mustHold: boolean) {
  let state = signedIn;
  const listeners = new Set<() => void>();
  const session = {
    getState: () => state,
    restore: async () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Session;
  const held = holdSession(session, () => mustHold);
  const changed = vi.fn();
  held.subscribe(changed);
  function set(next: SessionState) {
    state = next;
    for (const listener of listeners) listener();
  }
  return { held, changed, set };
}

it("appears as signed in after the session has ended, until it is released", () => {
  const { held, changed, set } = setUp(true);
  set(signedOut);
  expect(held.getState()).toBe(signedIn);
  expect(held.isHeld()).toBe(true);
  held.release();
  expect(held.getState()).toBe(signedOut);
  expect(held.isHeld()).toBe(false);
  expect(changed).toHaveBeenCalledTimes(2);
});

it("follows a new sign-in", () => {
  const { held, set } = setUp(true);
  const second = { ...signedIn, sessionId: "s2" } as SessionState;
  set(signedOut);
  set(second);
  expect(held.getState()).toBe(second);
  expect(held.isHeld()).toBe(false);
});

it("follows a sign-out without unsaved changes", () => {
  const { held, set } = setUp(false);
  set(signedOut);
  expect(held.getState()).toBe(signedOut);
  expect(held.isHeld()).toBe(false);
});

it("is held while it is offline, and not restored", async () => {
  const { held, set } = setUp(true);
  set(signedOut);
  set({ status: "offline", error: new Error("no network") });
  expect(held.getState()).toBe(signedIn);
  expect(held.isHeld()).toBe(false);
  expect(await held.restore()).toBe(signedIn);
  set(signedIn);
  expect(held.getState()).toBe(signedIn);
});
