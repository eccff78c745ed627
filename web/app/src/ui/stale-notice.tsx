import { Button } from "./button";
import { Notice } from "./notice";

interface StaleNoticeProps {
  /** The edited resource: "user". */
  resource: string;
  /** Continues the edit with the latest version. */
  onReload(): void;
  /** Reloading applies the changes to the latest version instead of discarding them. */
  keepsChanges?: boolean;
}

/** Warns that someone else has saved the resource during an edit. Nothing is overwritten without asking. */
export function StaleNotice({ resource, onReload, keepsChanges = false }: StaleNoticeProps) {
  return (
    <Notice tone="warning" title={`Someone else changed this ${resource}`}>
      <p>
        {keepsChanges
          ? `Your changes were not saved. Reload the ${resource} and reapply your changes, then review and save them.`
          : "Reloading shows their version and discards your changes."}
      </p>
      <Button size="sm" className="mt-2" onClick={onReload}>
        {keepsChanges ? "Reload and keep my changes" : "Reload"}
      </Button>
    </Notice>
  );
}
