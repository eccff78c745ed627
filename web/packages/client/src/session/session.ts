import type { Versioned } from "../operations.js";
import { isProblem } from "../problem.js";
import type { Me } from "../schema.gen.js";
import type { AuthApi, Credentials, SignInProof } from "./auth-api.js";
import { createRetry } from "./retry.js";
import { observable, type SessionState } from "./state.js";
import { createTokenStore, type TokenStore } from "./token-store.js";

/** The session of the current user, synchronized with the other tabs. */
export interface Session {
  getState(): SessionState;
  /** Calls the listener whenever the state changes. Returns a function that unsubscribes it. */
  subscribe(listener: () => void): () => void;
  /**
   * Restores the session of an earlier visit, if there is one, and returns the new state. Never rejects: a failure is
   * the state `offline`. During server rendering it sends nothing, and the state stays `loading`.
   */
  restore(): Promise<SessionState>;
  /**
   * Signs in and loads the user. Rejects with a `ProblemError`, such as `invalid_credentials`, with a `NetworkError`,
   * or with an `AbortError` if the user signs out before it completes. If the account has a second factor, it rejects with
   * `second_factor_required`: pass the `challenge` of that error to `completeSignIn`.
   */
  signIn(credentials: Credentials): Promise<void>;
  /** Completes a sign-in with a second factor, or signs in with a passkey. Rejects like `signIn`. */
  completeSignIn(proof: SignInProof): Promise<void>;
  /**
   * Signs out immediately in all tabs. Returns whether the server confirmed it, and never rejects. Until the server has
   * confirmed it, also after a reload, the session is not restored, and the server is notified as soon as it can be
   * reached.
   */
  signOut(): Promise<{ readonly confirmed: boolean }>;
  /**
   * Returns an access token, refreshed if needed, to call your own API with; `null` if the user is signed out. Rejects
   * if a refresh is needed and the server cannot be reached.
   */
  getAccessToken(): Promise<string | null>;
  /** Stops the synchronization with the other tabs, and all retries. */
  close(): void;
}

/** The part of the session that API calls use to authenticate and to report back. */
export interface CallSession extends Pick<TokenStore, "getValid" | "replaceRejected"> {
  /** Runs a call about the current account, and ends the session if the account has been deleted. */
  endIfAccountDeleted<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Runs a call that returns the current user, and updates the state with the result. */
  updateUser(call: () => Promise<Versioned<Me>>): Promise<Versioned<Me>>;
}

/** Properties of the session of a client. */
export interface SessionOptions {
  readonly channelName: string;
  /** True if a session of an earlier visit can exist: not during server rendering. */
  readonly restorable: boolean;
  /** Fetches the current user through `updateUser`. */
  loadUser(): Promise<unknown>;
}

/** Creates the session of this tab. */
export function createSession(auth: AuthApi, options: SessionOptions): Session & CallSession {
  const { channelName, restorable, loadUser } = options;
  const state = observable<SessionState>({ status: "loading" });
  const tokens = createTokenStore(auth, channelName, {
    onSessionEnded: () => setState({ status: "signed_out" }),
    onSessionStarted: () => void setOfflineOnError(loadUser).catch(() => {}),
  });
  const restoreRetry = createRetry(loadUserIfSignedIn);
  const signOutRetry = createRetry(auth.confirmSignOut);
  let pendingRestore: Promise<void> | null = null;
  let signOuts = 0;

  function setState(next: SessionState) {
    state.set(next);
    if (next.status === "offline") restoreRetry.start(next.error);
    else restoreRetry.stop();
  }

  /** Runs a step and, if it fails, sets the state to `offline`, unless the session has changed since. */
  async function setOfflineOnError(step: () => Promise<unknown>): Promise<void> {
    const startEpoch = tokens.epoch();
    try {
      await step();
    } catch (error) {
      if (tokens.epoch() === startEpoch) setState({ status: "offline", error });
      throw error;
    }
  }

  /** Runs one restore at a time; concurrent callers share its result. */
  function loadUserIfSignedIn(): Promise<void> {
    pendingRestore ??= setOfflineOnError(async () => {
      if (await tokens.getValid()) await loadUser();
    }).finally(() => {
      pendingRestore = null;
    });
    return pendingRestore;
  }

  /** Sends a remembered sign-out to the server, now and until the server confirms it. Returns whether it did at once. */
  async function confirmSignOut(): Promise<boolean> {
    try {
      await auth.confirmSignOut();
      return true;
    } catch (error) {
      signOutRetry.start(error);
      return false;
    }
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
      setState({ status: "signed_in", sessionId: token.sessionId, user });
    }
    return user;
  }

  async function startSession(credentials: Credentials | SignInProof) {
    const signOutsBefore = signOuts;
    // The cookies of a refresh or sign-out in flight must not overwrite the cookie of this sign-in.
    await tokens.waitForRefresh();
    await auth.confirmSignOut().catch(() => {});
    const issued = await auth.login(credentials);
    if (signOuts !== signOutsBefore) {
      auth.requestSignOut(issued.access.accessToken);
      await confirmSignOut();
      throw new DOMException("You signed out before the sign-in completed.", "AbortError");
    }
    signOutRetry.stop();
    await tokens.startSession(issued);
    await setOfflineOnError(loadUser);
  }

  return {
    getState: state.get,
    subscribe: state.subscribe,
    getValid: tokens.getValid,
    replaceRejected: tokens.replaceRejected,
    endIfAccountDeleted,
    updateUser,

    async restore() {
      const { status } = state.get();
      if (restorable && (status === "loading" || status === "offline")) {
        void confirmSignOut();
        await loadUserIfSignedIn().catch(() => {});
      }
      return state.get();
    },

    signIn: ({ email, password }) => startSession({ email, password }),
    completeSignIn: startSession,

    async signOut() {
      signOuts += 1;
      auth.requestSignOut(tokens.peek()?.accessToken ?? null);
      tokens.signOut();
      return { confirmed: await confirmSignOut() };
    },

    getAccessToken: async () => (await tokens.getValid())?.accessToken ?? null,

    close() {
      tokens.close();
      restoreRetry.close();
      signOutRetry.close();
    },
  };
}
