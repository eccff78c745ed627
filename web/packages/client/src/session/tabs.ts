import type { Tokens } from "./tokens.js";

/** What tabs tell each other. */
export type Message =
  | { readonly kind: "tokens"; readonly tokens: Tokens }
  | { readonly kind: "signed_out"; readonly sessionId: string };

/** The other tabs of this origin that use the same server. */
export interface Tabs {
  tell(message: Message): void;
  close(): void;
}

/** Joins the other tabs; alone where the browser has no BroadcastChannel. */
export function joinTabs(name: string, hear: (message: Message) => void): Tabs {
  if (typeof BroadcastChannel === "undefined") return { tell() {}, close() {} };
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data);
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
