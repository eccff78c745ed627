import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";

/** Somebody else has saved while one was editing: nothing is overwritten in either direction unasked. */
export function StaleNotice({ onReload }: { onReload(): void }) {
  return (
    <Notice
      tone="warning"
      title="Somebody else changed this user meanwhile"
      action={
        <Button size="sm" onClick={onReload}>
          Load their changes
        </Button>
      }
    >
      Your changes are not saved. Load theirs first; yours go, so note what you want to keep.
    </Notice>
  );
}
