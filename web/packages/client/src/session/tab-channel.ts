import { inPage } from "./browser.js";
import type { AccessToken } from "./tokens.js";

/** A message between tabs: a new access token, or a sign-out. */
export type Message =
  | { readonly kind: "tokens"; readonly tokens: AccessToken }
  /** Without a session id, the sender did not know its session: the message ends any. */
  | { readonly kind: "signed_out"; readonly sessionId: string | null };

/** A channel to the other tabs of this origin that use the same server. */
export interface TabChannel {
  /** Sends a message to all other tabs. */
  post(message: Message): void;
  /** Leaves the channel. */
  close(): void;
}

/**
 * Opens the channel called `name`. Without `BroadcastChannel` support, each tab works on its own, and so does each client in
 * Node: a channel would keep the process alive, and share the tokens of one request with all others.
 */
export function openTabChannel(name: string, onMessage: (message: Message) => void): TabChannel {
  if (!inPage || typeof BroadcastChannel === "undefined") return { post() {}, close() {} };
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<Message>) => onMessage(data);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}
