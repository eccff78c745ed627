"use client";

import { type ReactNode, useEffect } from "react";
import type { VestibuleClient } from "../client.js";
import { ClientContext, TextsContext, useTexts } from "./context.js";
import { OfflineNotice } from "./offline-notice.js";
import { StepUpDialog } from "./step-up-dialog.js";
import type { Texts } from "./texts.js";
import { useSession } from "./use-session.js";

/** The properties of `VestibuleProvider`. */
export interface VestibuleProviderProps {
  client: VestibuleClient;
  children: ReactNode;
  /** Rendered before the children while the session is being restored. */
  loading?: ReactNode;
  /**
   * Rendered before the children while the server cannot be reached and it is not known whether a user is signed in.
   * @defaultValue `<OfflineNotice />`
   */
  offline?: ReactNode;
  /**
   * Asks for another proof of identity if a call requires one, see `useStepUp`.
   * @defaultValue `<StepUpDialog />`
   */
  stepUp?: ReactNode;
  /** Replacements for the English texts of all components below. */
  texts?: Partial<Texts>;
}

/** Provides the client to all components below, and restores the session of an earlier visit. */
export function VestibuleProvider(props: VestibuleProviderProps) {
  const { client, children, loading = null, offline = <OfflineNotice />, stepUp = <StepUpDialog />, texts } = props;
  const allTexts = useTexts(texts);
  useEffect(() => {
    void client.session.restore();
  }, [client]);
  return (
    <ClientContext.Provider value={client}>
      <TextsContext.Provider value={allTexts}>
        <UnknownSession loading={loading} offline={offline} />
        {children}
        {stepUp}
      </TextsContext.Provider>
    </ClientContext.Provider>
  );
}

function UnknownSession(fallbacks: { loading: ReactNode; offline: ReactNode }) {
  const { status } = useSession();
  return status === "loading" || status === "offline" ? fallbacks[status] : null;
}
