import { Notice } from "../../ui/notice";

/** Explains how to create the first administrator. Shown while the server has none. */
export function SetupNotice() {
  return (
    <Notice title="This server has no administrator yet" className="mb-5">
      Open the setup link that the server printed when it started. It ends in{" "}
      <code className="wrap-anywhere font-mono">/setup#token=…</code>; look for it in the server's output or log.
    </Notice>
  );
}
