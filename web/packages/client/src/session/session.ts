import type { Versioned } from "../operations.js";
import { isProblem } from "../problem.js";
import type { Me } from "../schema.gen.js";
import type { AuthApi, Credentials } from "./auth-api.js";
import { observable, type SessionState } from "./state.js";
import { createTokenStore, type TokenStore } from "./token-store.js";

/** The session of the current user, synchronized with the other tabs. */
export interface Session {
  getState(): SessionState;
  /** Calls the listener whenever the state changes. Returns a function that unsubscribes it. */
  subscribe(listener: () => void): () => void;
  /**
   * Restores the session of an earlier visit, if there is one, and returns the new state. Never rejects: a failure is
   * the state `failed`.
   */
  restore(): Promise<SessionState>;
  /**
   * Signs in and loads the user. Rejects with a `ProblemError`, such as `invalid_credentials`, with a `NetworkError`,
   * or with an `AbortError` if the user signs out before it completes.
   */
  signIn(credentials: Credentials): Promise<void>;
  /** Signs out immediately in all tabs. Rejects if the server cannot be notified; the user is signed out regardless. */
  signOut(): Promise<void>;
  /** Stops the synchronization with the other tabs. */
  close(): void;
}

/** The part of the session that API calls use to authenticate and to report back. */
export interface CallSession extends Pick<TokenStore, "getValid" | "replaceRejected"> {
  /** Runs a call about the current account, and ends the session if the account has been deleted. */
  endIfAccountDeleted<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Runs a call that returns the current user, and updates the state with the result. */
  updateUser(call: () => Promise<Versioned<Me>>): Promise<Versioned<Me>>;
}

/** Creates the session of this tab. `loadUser` must fetch the current user through `updateUser`. */
export function createSession(
  auth: AuthApi,
  channelName: string,
  loadUser: () => Promise<unknown>,
): Session & CallSession {
  const state = observable<SessionState>({ status: "loading" });
  const tokens = createTokenStore(auth, channelName, {
    onSessionEnded: () => state.set({ status: "signed_out" }),
    onSessionStarted: () => void setFailedOnError(loadUser).catch(() => {}),
  });
  let pendingRestore: Promise<SessionState> | null = null;
  let signOuts = 0;

  /** Runs a step and, if it fails, sets the state to `failed`, unless the session has changed since. */
  async function setFailedOnError(step: () => Promise<unknown>): Promise<void> {
    const startEpoch = tokens.epoch();
    try {
      await step();
    } catch (error) {
      if (tokens.epoch() === startEpoch) state.set({ status: "failed", error });
      throw error;
    }
  }

  async function loadUserIfSignedIn() {
    await setFailedOnError(async () => {
      if (await tokens.getValid()) await loadUser();
    }).catch(() => {});
    return state.get();
  }

  async function endIfAccountDeleted<Result>(call: () => Promise<Result>): Promise<Result> {
    const startEpoch = tokens.epoch();
    try {
      return await call();
    } catch (error) {
      if (tokens.epoch() === startEpoch && isProblem(error, "user_not_found")) tokens.endSession();
      throw error;
    }
  }

  async function updateUser(call: () => Promise<Versioned<Me>>): Promise<Versioned<Me>> {
    const startEpoch = tokens.epoch();
    const user = await endIfAccountDeleted(call);
    const token = tokens.peek();
    if (tokens.epoch() === startEpoch && token) {
      state.set({ status: "signed_in", sessionId: token.sessionId, user });
    }
    return user;
  }

  return {
    getState: state.get,
    subscribe: state.subscribe,
    getValid: tokens.getValid,
    replaceRejected: tokens.replaceRejected,
    endIfAccountDeleted,
    updateUser,

    restore() {
      const { status } = state.get();
      if (status === "signed_in" || status === "signed_out") return Promise.resolve(state.get());
      if (status === "failed") state.set({ status: "loading" });
      pendingRestore ??= loadUserIfSignedIn().finally(() => {
        pendingRestore = null;
      });
      return pendingRestore;
    },

    async signIn(credentials) {
      const signOutsBefore = signOuts;
      // The cookie of a refresh in flight must not overwrite the cookie of this sign-in.
      await tokens.waitForRefresh();
      const issued = await auth.login(credentials);
      if (signOuts !== signOutsBefore) {
        await auth.logout(issued.access.accessToken);
        throw new DOMException("You signed out before the sign-in completed.", "AbortError");
      }
      await tokens.startSession(issued);
      await setFailedOnError(loadUser);
    },

    async signOut() {
      signOuts += 1;
      const accessToken = tokens.peek()?.accessToken ?? null;
      tokens.endSession();
      await auth.logout(accessToken);
    },

    close: tokens.close,
  };
}
