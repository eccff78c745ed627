import type { Versioned } from "../operation.js";
import { isProblem } from "../problem.js";
import type { Me } from "../schema.gen.js";
import type { Auth, Credentials, Grant } from "./auth.js";
import { observable, type SessionState } from "./state.js";
import { joinTabs, type Message } from "./tabs.js";
import type { Tokens } from "./tokens.js";

/** Who is signed in here, in step with the other tabs. */
export interface Session {
  getState(): SessionState;
  /** Calls the listener whenever the state is replaced; returns what ends that. */
  subscribe(listener: () => void): () => void;
  /** Carries on the session of an earlier visit, if there is one. Never rejects: see the state. */
  restore(): Promise<SessionState>;
  signIn(credentials: Credentials): Promise<void>;
  /** Signs out here and in all tabs at once; rejects when the server could not be told. */
  signOut(): Promise<void>;
  /** Leaves the other tabs and stops hearing them. */
  close(): void;
}

/** What the calls need of the session. */
export interface SessionTokens {
  /** A token that has not run out, or `null` when nobody is signed in. */
  current(): Promise<Tokens | null>;
  /** Another token of the same session in place of one that was refused; `null` when the session is over. */
  replace(refused: Tokens): Promise<Tokens | null>;
  /** Runs a call about the user's own account, which may show that the account is gone. */
  watch<Answer>(call: () => Promise<Answer>): Promise<Answer>;
  /** Runs a call that answers with the user, who becomes the one in the state. */
  adopt(call: () => Promise<Versioned<Me>>): Promise<Versioned<Me>>;
}

/**
 * Makes the session of this tab. `loadUser` asks who is signed in.
 *
 * Whatever takes time remembers the epoch in which it began. Each sign-in and sign-out begins another, so that an
 * answer which comes late is thrown away instead of undoing them.
 */
export function createSession(auth: Auth, channel: string, loadUser: () => Promise<unknown>): Session & SessionTokens {
  const state = observable<SessionState>({ status: "loading" });
  const tabs = joinTabs(channel, hear);
  let epoch = 0;
  let tokens: Tokens | null = null;
  let renewal: Promise<Tokens | null> | null = null;
  let restoring: Promise<SessionState> | null = null;
  /** The last session that was signed out of, in any tab: a token of it that comes late is not taken. */
  let left: string | null = null;

  function begin(next: Tokens | null) {
    if (tokens && tokens.sessionId !== next?.sessionId) left = tokens.sessionId;
    epoch += 1;
    tokens = next;
    renewal = null;
  }

  function end() {
    begin(null);
    state.set({ status: "signed_out" });
  }

  function endEverywhere() {
    if (tokens) tabs.tell({ kind: "signed_out", sessionId: tokens.sessionId });
    end();
  }

  function take({ tokens: next }: Grant) {
    if (tokens && tokens.sessionId !== next.sessionId) begin(next);
    tokens = next;
    tabs.tell({ kind: "tokens", tokens: next });
  }

  /** One refresh at a time, however many calls wait for it. */
  function renew(): Promise<Tokens | null> {
    if (renewal) return renewal;
    const mine = refresh().finally(() => {
      if (renewal === mine) renewal = null;
    });
    renewal = mine;
    return mine;
  }

  async function refresh(): Promise<Tokens | null> {
    const began = epoch;
    const grant = await auth.refresh();
    if (epoch !== began) return tokens;
    if (grant === null || grant.tokens.sessionId === left) {
      endEverywhere();
      await auth.forget();
      return null;
    }
    const known = state.get();
    take(grant);
    await auth.keep(grant);
    if (known.status === "signed_in" && known.sessionId !== grant.tokens.sessionId) void enter().catch(() => {});
    return grant.tokens;
  }

  async function current(): Promise<Tokens | null> {
    if (tokens && tokens.expiresAt > Date.now()) return tokens;
    return state.get().status === "signed_out" ? null : renewFor(tokens);
  }

  async function replace(refused: Tokens): Promise<Tokens | null> {
    if (!tokens) return null;
    return tokens.accessToken === refused.accessToken ? renewFor(refused) : ofSameSession(refused, tokens);
  }

  async function renewFor(before: Tokens | null): Promise<Tokens | null> {
    return ofSameSession(before, await renew());
  }

  /** Loads who is signed in. */
  async function enter(): Promise<void> {
    const began = epoch;
    try {
      await loadUser();
    } catch (error) {
      if (epoch === began) state.set({ status: "failed", error });
      throw error;
    }
  }

  async function adopt(call: () => Promise<Versioned<Me>>): Promise<Versioned<Me>> {
    const began = epoch;
    const user = await watch(call);
    if (epoch === began && tokens) state.set({ status: "signed_in", sessionId: tokens.sessionId, user });
    return user;
  }

  async function watch<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const began = epoch;
    try {
      return await call();
    } catch (error) {
      if (epoch === began && isProblem(error, "user_not_found")) endEverywhere();
      throw error;
    }
  }

  async function restoreOnce(): Promise<SessionState> {
    const began = epoch;
    try {
      if (await current()) await enter();
    } catch (error) {
      if (epoch === began) state.set({ status: "failed", error });
    }
    return state.get();
  }

  function hear(message: Message) {
    if (message.kind === "signed_out") {
      left = message.sessionId;
      if (tokens?.sessionId === left) end();
    } else if (message.tokens.sessionId === tokens?.sessionId) {
      tokens = message.tokens;
    } else if (message.tokens.sessionId !== left) {
      begin(message.tokens);
      void enter().catch(() => {});
    }
  }

  return {
    getState: state.get,
    subscribe: state.subscribe,
    current,
    replace,
    watch,
    adopt,

    restore() {
      const { status } = state.get();
      if (status === "signed_in" || status === "signed_out") return Promise.resolve(state.get());
      if (status === "failed") state.set({ status: "loading" });
      restoring ??= restoreOnce().finally(() => {
        restoring = null;
      });
      return restoring;
    },

    async signIn(credentials) {
      if (renewal) await renewal.catch(() => {}); // its cookie must not come after the new one
      const began = epoch;
      const grant = await auth.login(credentials);
      if (epoch !== began && !tokens) {
        await auth.logout(grant.tokens.accessToken);
        throw new DOMException("You have signed out in the meantime.", "AbortError");
      }
      begin(grant.tokens);
      take(grant);
      await auth.keep(grant);
      await enter();
    },

    async signOut() {
      const accessToken = tokens?.accessToken ?? null;
      endEverywhere();
      await auth.logout(accessToken);
    },

    close: tabs.close,
  };
}

/** A call made by one person is never sent in the name of another who has signed in meanwhile. */
function ofSameSession(before: Tokens | null, now: Tokens | null): Tokens | null {
  if (before && now && before.sessionId !== now.sessionId) {
    throw new DOMException("Another session has begun in the meantime.", "AbortError");
  }
  return now;
}
