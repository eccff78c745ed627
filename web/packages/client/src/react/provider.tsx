import { createContext, type ReactNode, useContext, useEffect } from "react";
import type { VestibuleClient } from "../client.js";

const ClientContext = createContext<VestibuleClient | null>(null);

/** Provides the client to all components below, and restores the session of an earlier visit. */
export function VestibuleProvider({ client, children }: { client: VestibuleClient; children: ReactNode }) {
  useEffect(() => {
    void client.session.restore();
  }, [client]);
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** Returns the client of the nearest `VestibuleProvider`. Throws if there is none. */
export function useClient(): VestibuleClient {
  const client = useContext(ClientContext);
  if (!client)
    throw new Error("No VestibuleProvider found. Wrap the component in <VestibuleProvider client={client}>.");
  return client;
}
