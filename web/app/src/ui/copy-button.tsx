import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./button";
import { IconButton } from "./icon-button";

/** Copies `value` to the clipboard and confirms it. `label` is the accessible name: "Copy request ID". */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const { copy, icon, status } = useCopy(value);
  return (
    <>
      <IconButton size="sm" label={label} icon={icon} onClick={copy} />
      {status}
    </>
  );
}

/** A `CopyButton` with a visible label, for a value that the user is asked to copy. */
export function LabeledCopyButton({ value, children }: { value: string; children: ReactNode }) {
  const { copy, icon, status } = useCopy(value);
  return (
    <>
      <Button size="sm" onClick={copy}>
        {icon}
        {children}
      </Button>
      {status}
    </>
  );
}

function useCopy(value: string) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");

  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setState("copied");
    } catch {
      // The clipboard requires HTTPS and permission.
      setState("failed");
    }
  }

  return {
    copy,
    icon: state === "copied" ? <Check aria-hidden /> : <Copy aria-hidden />,
    status: (
      <span role="status" className={state === "failed" ? "text-danger-text text-xs" : "sr-only"}>
        {state === "copied" && "Copied"}
        {state === "failed" && "Could not copy. Select the text and copy it manually."}
      </span>
    ),
  };
}
