import type { Auth, Grant } from "./auth.js";
import { joinTabs, type Message } from "./tabs.js";
import type { Tokens } from "./tokens.js";

/** What happens to the tokens of this tab by itself or through another tab. */
export interface KeeperEvents {
  /** Nobody is signed in any more. */
  ended(): void;
  /** Another session has begun, perhaps of somebody else. */
  began(): void;
}

/** Holds the tokens of this tab, in step with those of the other tabs. */
export interface Keeper {
  /** Grows with every sign-in and sign-out: what began in an earlier epoch is of the past. */
  epoch(): number;
  held(): Tokens | null;
  /** A token that has not run out, after a refresh if need be; `null` when nobody is signed in. */
  current(): Promise<Tokens | null>;
  /** Another token of the same session in place of one that was refused; `null` when the session is over. */
  replace(refused: Tokens): Promise<Tokens | null>;
  /** Waits until no refresh is under way. */
  atRest(): Promise<void>;
  /** Takes the tokens of a sign-in. */
  begin(grant: Grant): Promise<void>;
  /** Lets go of the tokens, here and in all tabs. */
  end(): void;
  close(): void;
}

/** Makes what holds the tokens of this tab. */
export function createKeeper(auth: Auth, channel: string, events: KeeperEvents): Keeper {
  const tabs = joinTabs(channel, hear);
  let epoch = 0;
  let tokens: Tokens | null = null;
  let renewal: Promise<Tokens | null> | null = null;
  /** Known for certain that nobody is signed in, so that there is nothing to refresh. */
  let over = false;
  /** The sessions that were left, here or in another tab: a token of theirs that comes late is not taken. */
  const left = new Set<string>();

  function turn(next: Tokens | null) {
    if (tokens && tokens.sessionId !== next?.sessionId) left.add(tokens.sessionId);
    epoch += 1;
    tokens = next;
    renewal = null;
    over = next === null;
  }

  function endHere() {
    turn(null);
    events.ended();
  }

  function end() {
    if (tokens) tabs.tell({ kind: "signed_out", sessionId: tokens.sessionId });
    endHere();
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
    if (grant === null || left.has(grant.tokens.sessionId)) {
      end();
      await auth.forget();
      return null;
    }
    const isOther = tokens !== null && tokens.sessionId !== grant.tokens.sessionId;
    if (isOther) turn(grant.tokens);
    await take(grant);
    if (isOther) events.began();
    return grant.tokens;
  }

  async function take(grant: Grant) {
    tokens = grant.tokens;
    tabs.tell({ kind: "tokens", tokens });
    await auth.keep(grant);
  }

  async function renewFor(before: Tokens | null): Promise<Tokens | null> {
    return ofSameSession(before, await renew());
  }

  function hear(message: Message) {
    if (message.kind === "signed_out") {
      left.add(message.sessionId);
      if (tokens?.sessionId === message.sessionId) endHere();
    } else if (message.tokens.sessionId === tokens?.sessionId) {
      tokens = message.tokens;
    } else if (!left.has(message.tokens.sessionId)) {
      turn(message.tokens);
      events.began();
    }
  }

  return {
    epoch: () => epoch,
    held: () => tokens,
    async current() {
      if (tokens && tokens.expiresAt > Date.now()) return tokens;
      return over ? null : renewFor(tokens);
    },
    async replace(refused) {
      if (!tokens) return null;
      return tokens.accessToken === refused.accessToken ? renewFor(refused) : ofSameSession(refused, tokens);
    },
    async atRest() {
      await renewal?.catch(() => {});
    },
    begin(grant) {
      turn(grant.tokens);
      return take(grant);
    },
    end,
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
