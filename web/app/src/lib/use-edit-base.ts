import type { Versioned } from "@vestibule/client";
import { useState } from "react";

interface EditState {
  /** The edit has unsaved changes. */
  changed: boolean;
  saving: boolean;
}

/**
 * Tracks the version that an edit is based on. Without changes, that is the latest version. After the first change it
 * stays the same, so that its `etag` detects changes by others and nothing is overwritten.
 */
export function useEditBase<Resource extends Versioned<object>>(latest: Resource, { changed, saving }: EditState) {
  const [base, setBase] = useState(latest);
  const outdated = latest.etag !== base.etag && !saving;
  if (outdated && !changed) setBase(latest);
  return {
    base,
    /** Someone else has saved the resource during the edit. */
    stale: outdated && changed,
    /** Continues with another version: the latest one, or the one that was just saved. */
    rebase: (version: Resource = latest) => setBase(version),
  };
}
