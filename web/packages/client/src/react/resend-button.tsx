"use client";

import { useState } from "react";
import { useClient } from "./context.js";
import { errorText } from "./errors.js";
import type { Texts } from "./texts.js";

/** Sends the email with the verification link again, and confirms it in place. */
export function ResendButton({ email, texts }: { email: string; texts: Texts }) {
  const client = useClient();
  const [state, setState] = useState<"idle" | "busy" | "sent" | { error: unknown }>("idle");

  async function resend() {
    if (state === "busy") return;
    setState("busy");
    try {
      await client.resendVerificationEmail({ body: { email } });
      setState("sent");
    } catch (error) {
      setState({ error });
    }
  }

  return (
    <p role="status" className="vestibule-resend">
      {state === "sent" ? (
        texts.emailResent
      ) : (
        <button type="button" className="vestibule-link" aria-disabled={state === "busy"} onClick={resend}>
          {texts.resendEmail}
        </button>
      )}
      {typeof state === "object" && <span className="vestibule-error">{errorText(state.error, texts)}</span>}
    </p>
  );
}
