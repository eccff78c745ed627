import { useState } from "react";
import { describeError } from "../../lib/problem";
import { Button } from "../../ui/button";

/** Sends a link again, and says that it is on its way. */
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
          Send again
        </Button>
      )}
      {typeof state === "object" && <span className="block text-danger-text">{describeError(state.error).detail}</span>}
    </span>
  );
}
