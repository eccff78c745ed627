import type { AuthApi, IssuedTokens } from "./auth-api.js";
import { type Message, openTabChannel } from "./tab-channel.js";
import type { AccessToken } from "./tokens.js";

/** Changes of the session that the caller of the store did not request. */
export interface TokenStoreEvents {
  /** The session ended: the server rejected a refresh, or another tab signed out. */
  onSessionEnded(): void;
  /** Another tab signed in, or a refresh returned a different session, perhaps of a different user. */
  onSessionStarted(): void;
}

/** The access token of this tab, refreshed when needed and synchronized with the other tabs. */
export interface TokenStore {
  /** Returns a counter that every sign-in and sign-out increments. A result from an earlier epoch is stale. */
  epoch(): number;
  /** Returns the stored token, which may have expired, or `null` if there is none. */
  peek(): AccessToken | null;
  /**
   * Returns a token that has not expired, after a refresh if needed; `null` if the user is signed out. Rejects with
   * an `AbortError` if the refresh returns a different session.
   */
  getValid(): Promise<AccessToken | null>;
  /**
   * Returns a new token of the same session to replace one that the server rejected; `null` if the session has ended.
   * Rejects with an `AbortError` if a different session has started since.
   */
  replaceRejected(rejected: AccessToken): Promise<AccessToken | null>;
  /** Resolves when no refresh is in flight. Never rejects. */
  waitForRefresh(): Promise<void>;
  /** Stores the tokens of a sign-in and shares them with the other tabs. */
  startSession(issued: IssuedTokens): Promise<void>;
  /** Removes the access token of the session in this tab and in all others. */
  endSession(): void;
  /** Ends the session like `endSession`; without an access token in this tab, any session in the others. */
  signOut(): void;
  /** Stops the synchronization with the other tabs. */
  close(): void;
}

/** Creates the token store of this tab. Tabs with the same `channelName` share their tokens. */
export function createTokenStore(auth: AuthApi, channelName: string, events: TokenStoreEvents): TokenStore {
  const channel = openTabChannel(channelName, receive);
  let epoch = 0;
  let token: AccessToken | null = null;
  let pendingRefresh: Promise<AccessToken | null> | null = null;
  /** The user is known to be signed out, so a refresh would be pointless. */
  let signedOut = false;
  /** Sessions that ended here or in another tab. A token of theirs that arrives late is ignored. */
  const endedSessions = new Set<string>();

  function switchTo(next: AccessToken | null) {
    if (token && token.sessionId !== next?.sessionId) endedSessions.add(token.sessionId);
    epoch += 1;
    token = next;
    pendingRefresh = null;
    signedOut = next === null;
  }

  function endInThisTab() {
    switchTo(null);
    events.onSessionEnded();
  }

  function endSession() {
    if (token) channel.post({ kind: "signed_out", sessionId: token.sessionId });
    endInThisTab();
  }

  /** Runs one refresh at a time; concurrent callers share its result. */
  function sharedRefresh(): Promise<AccessToken | null> {
    if (pendingRefresh) return pendingRefresh;
    const current = refresh().finally(() => {
      if (pendingRefresh === current) pendingRefresh = null;
    });
    pendingRefresh = current;
    return current;
  }

  async function refresh(): Promise<AccessToken | null> {
    const startEpoch = epoch;
    const issued = await auth.refresh();
    if (epoch !== startEpoch) return token;
    if (issued === null || endedSessions.has(issued.access.sessionId)) {
      endSession();
      return null;
    }
    const isDifferentSession = token !== null && token.sessionId !== issued.access.sessionId;
    if (isDifferentSession) switchTo(issued.access);
    await store(issued);
    if (isDifferentSession) events.onSessionStarted();
    return issued.access;
  }

  async function store(issued: IssuedTokens) {
    token = issued.access;
    channel.post({ kind: "tokens", tokens: token });
    await auth.storeRefreshToken(issued);
  }

  async function refreshSameSession(previous: AccessToken | null): Promise<AccessToken | null> {
    return requireSameSession(previous, await sharedRefresh());
  }

  function receive(message: Message) {
    if (message.kind === "signed_out") {
      if (message.sessionId) endedSessions.add(message.sessionId);
      if (!message.sessionId || token?.sessionId === message.sessionId) endInThisTab();
    } else if (message.tokens.sessionId === token?.sessionId) {
      token = message.tokens;
    } else if (!endedSessions.has(message.tokens.sessionId)) {
      switchTo(message.tokens);
      events.onSessionStarted();
    }
  }

  return {
    epoch: () => epoch,
    peek: () => token,
    async getValid() {
      if (token && token.expiresAt > Date.now()) return token;
      return signedOut ? null : refreshSameSession(token);
    },
    async replaceRejected(rejected) {
      if (!token) return null;
      return token.accessToken === rejected.accessToken
        ? refreshSameSession(rejected)
        : requireSameSession(rejected, token);
    },
    async waitForRefresh() {
      await pendingRefresh?.catch(() => {});
    },
    startSession(issued) {
      switchTo(issued.access);
      return store(issued);
    },
    endSession,
    signOut() {
      channel.post({ kind: "signed_out", sessionId: token?.sessionId ?? null });
      endInThisTab();
    },
    close: channel.close,
  };
}

/** Returns `next`, and throws if it belongs to a different session: a call never runs as a user who signed in later. */
function requireSameSession(previous: AccessToken | null, next: AccessToken | null): AccessToken | null {
  if (previous && next && previous.sessionId !== next.sessionId) {
    throw new DOMException("A different session was started in the meantime.", "AbortError");
  }
  return next;
}
