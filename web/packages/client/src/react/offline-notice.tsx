"use client";

import { useState } from "react";
import { useTexts } from "./context.js";
import type { Texts } from "./texts.js";
import { useSession } from "./use-session.js";

/** Reports that the server cannot be reached, with a button that retries at once. Renders nothing in any other state. */
export function OfflineNotice({ texts: ownTexts }: { texts?: Partial<Texts> }) {
  const { status, restore } = useSession();
  const texts = useTexts(ownTexts);
  const [busy, setBusy] = useState(false);
  if (status !== "offline") return null;

  async function retry() {
    if (busy) return;
    setBusy(true);
    await restore();
    setBusy(false);
  }

  return (
    <div className="vestibule vestibule-notice">
      <p role="alert">{texts.offline}</p>
      <button type="button" className="vestibule-retry" aria-disabled={busy} aria-busy={busy} onClick={retry}>
        {texts.retry}
      </button>
    </div>
  );
}
