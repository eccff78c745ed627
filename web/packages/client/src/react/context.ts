import { createContext, useContext } from "react";
import type { VestibuleClient } from "../client.js";

export const ClientContext = createContext<VestibuleClient | null>(null);

/** The client that `VestibuleProvider` was given. */
export function useClient(): VestibuleClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error("There is no <VestibuleProvider> around this component.");
  return client;
}
