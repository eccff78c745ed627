import { useState } from "react";
import { describeError } from "../lib/errors";
import { Button } from "./button";

/** Sends an email again and confirms it in place. */
export function ResendButton({ send }: { send(): Promise<unknown> }) {
  const [state, setState] = useState<"idle" | "busy" | "sent" | { error: unknown }>("idle");

  async function resend() {
    setState("busy");
    try {
      await send();
      setState("sent");
    } catch (error) {
      setState({ error });
    }
  }

  return (
    <span role="status">
      {state === "sent" ? (
        <span className="font-medium">Sent</span>
      ) : (
        <Button size="sm" busy={state === "busy"} onClick={resend}>
          Resend email
        </Button>
      )}
      {typeof state === "object" && <span className="block text-danger-text">{describeError(state.error).detail}</span>}
    </span>
  );
}
