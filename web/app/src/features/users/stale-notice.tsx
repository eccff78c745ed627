import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";

/** Warns that someone else has saved the user during an edit. Nothing is overwritten without asking. */
export function StaleNotice({ onReload }: { onReload(): void }) {
  return (
    <Notice
      tone="warning"
      title="Someone else changed this user"
      action={
        <Button size="sm" onClick={onReload}>
          Reload
        </Button>
      }
    >
      Reloading shows their version and discards your changes.
    </Notice>
  );
}
