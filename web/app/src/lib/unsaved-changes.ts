import { createContext, useContext, useEffect, useRef } from "react";

/** The edits of a page or dialog: for each, a function that checks whether it has unsaved changes. */
export type Edits = Set<() => boolean>;

export interface UnsavedChanges {
  edits: Edits;
  /** Asks whether to discard the changes, if there are any, and forgets them. Resolves to `false` to keep them. */
  confirmDiscard(): Promise<boolean>;
}

/** The edits that an `UnsavedChangesGuard` protects: those of the page, or of a dialog on it. */
export const UnsavedChangesContext = createContext<UnsavedChanges>({
  edits: new Set(),
  confirmDiscard: async () => true,
});

/** Asks for confirmation before an edit is lost for which `isChanged` returns true. Works inside the app shell. */
export function useUnsavedChanges(isChanged: () => boolean): void {
  const { edits } = useContext(UnsavedChangesContext);
  const latest = useRef(isChanged);

  useEffect(() => {
    latest.current = isChanged;
  });
  useEffect(() => {
    const check = () => latest.current();
    edits.add(check);
    return () => void edits.delete(check);
  }, [edits]);
}

/** Returns a function that forgets the changes of the page or dialog, because the user has canceled or deleted them. */
export function useForgetChanges(): () => void {
  const { edits } = useContext(UnsavedChangesContext);
  return () => edits.clear();
}

/** Returns a function that asks whether to discard the changes of the page. */
export function useConfirmDiscard(): () => Promise<boolean> {
  return useContext(UnsavedChangesContext).confirmDiscard;
}

export function hasUnsavedChanges(edits: Edits): boolean {
  return [...edits].some((isChanged) => isChanged());
}

const guarded = new Set<Edits>();

/** Adds edits to those of the whole app. Returns a function that removes them. */
export function addEdits(edits: Edits): () => void {
  guarded.add(edits);
  return () => void guarded.delete(edits);
}

/** Checks whether any page or dialog has unsaved changes. */
export function hasAnyUnsavedChanges(): boolean {
  return [...guarded].some(hasUnsavedChanges);
}
