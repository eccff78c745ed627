import { Notice } from "../../ui/notice";

/** On a server that nobody administers yet: how to make the first administrator. */
export function SetupHint() {
  return (
    <Notice title="This server has no administrator yet" className="mb-5">
      When it started, it printed a link that ends in <code className="break-all font-mono">/setup#token=…</code>. Look
      for it in its output or log, and open it to create the first administrator.
    </Notice>
  );
}
