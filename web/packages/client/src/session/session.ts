import type { Versioned } from "../operation.js";
import { isProblem } from "../problem.js";
import type { Me } from "../schema.gen.js";
import type { Auth, Credentials } from "./auth.js";
import { createKeeper, type Keeper } from "./keeper.js";
import { observable, type SessionState } from "./state.js";

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
export interface SessionForCalls extends Pick<Keeper, "current" | "replace"> {
  /** Runs a call about the user's own account, which may show that the account is gone. */
  watch<Answer>(call: () => Promise<Answer>): Promise<Answer>;
  /** Runs a call that answers with the user, who becomes the one in the state. */
  adopt(call: () => Promise<Versioned<Me>>): Promise<Versioned<Me>>;
}

/** Makes the session of this tab. `loadUser` asks who is signed in, by a call that is adopted. */
export function createSession(
  auth: Auth,
  channel: string,
  loadUser: () => Promise<unknown>,
): Session & SessionForCalls {
  const state = observable<SessionState>({ status: "loading" });
  const keeper = createKeeper(auth, channel, {
    ended: () => state.set({ status: "signed_out" }),
    began: () => void enter().catch(() => {}),
  });
  let restoring: Promise<SessionState> | null = null;
  let signOuts = 0;

  /** Tells a failure, unless it is about the past. */
  async function orFail(step: () => Promise<unknown>): Promise<void> {
    const began = keeper.epoch();
    try {
      await step();
    } catch (error) {
      if (keeper.epoch() === began) state.set({ status: "failed", error });
      throw error;
    }
  }

  const enter = () => orFail(loadUser);

  async function carryOn() {
    await orFail(async () => {
      if (await keeper.current()) await loadUser();
    }).catch(() => {});
    return state.get();
  }

  async function watch<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const began = keeper.epoch();
    try {
      return await call();
    } catch (error) {
      if (keeper.epoch() === began && isProblem(error, "user_not_found")) keeper.end();
      throw error;
    }
  }

  async function adopt(call: () => Promise<Versioned<Me>>): Promise<Versioned<Me>> {
    const began = keeper.epoch();
    const user = await watch(call);
    const tokens = keeper.held();
    if (keeper.epoch() === began && tokens) state.set({ status: "signed_in", sessionId: tokens.sessionId, user });
    return user;
  }

  return {
    getState: state.get,
    subscribe: state.subscribe,
    current: keeper.current,
    replace: keeper.replace,
    watch,
    adopt,

    restore() {
      const { status } = state.get();
      if (status === "signed_in" || status === "signed_out") return Promise.resolve(state.get());
      if (status === "failed") state.set({ status: "loading" });
      restoring ??= carryOn().finally(() => {
        restoring = null;
      });
      return restoring;
    },

    async signIn(credentials) {
      const before = signOuts;
      await keeper.atRest(); // the cookie of a refresh must not come after the new one
      const grant = await auth.login(credentials);
      if (signOuts !== before) {
        await auth.logout(grant.tokens.accessToken);
        throw new DOMException("You have signed out in the meantime.", "AbortError");
      }
      await keeper.begin(grant);
      await enter();
    },

    async signOut() {
      signOuts += 1;
      const accessToken = keeper.held()?.accessToken ?? null;
      keeper.end();
      await auth.logout(accessToken);
    },

    close: keeper.close,
  };
}
