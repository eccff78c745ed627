import { type ReactNode, useEffect } from "react";
import type { VestibuleClient } from "../client.js";
import { ClientContext } from "./context.js";

/** Gives the client to all components below, and carries on the session of an earlier visit. */
export function VestibuleProvider({ client, children }: { client: VestibuleClient; children: ReactNode }) {
  useEffect(() => {
    void client.session.restore();
  }, [client]);
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}
