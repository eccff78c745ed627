import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { UnsavedChangesContext } from "../lib/unsaved-changes";
import { iconButtonClass } from "./button";
import { cx } from "./cx";
import { useUnsavedChangesGuard } from "./unsaved-changes-guard";

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  /** A sentence under the title. */
  description?: ReactNode;
  /** Makes the dialog wide enough for a table instead of a form. */
  wide?: boolean;
  /** The element that has the focus after the dialog has closed. Defaults to the one that opened it. */
  finalFocus?: HTMLElement | null;
  children: ReactNode;
}

/**
 * A modal dialog; a bottom sheet on narrow screens. Traps the focus, closes on Escape and restores the focus. Asks before
 * it closes with unsaved changes. Put a `<form>` inside that ends with `DialogActions`.
 */
export function Dialog({ open, onOpenChange, title, description, wide = false, finalFocus, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  const [unsavedChanges, discardDialog] = useUnsavedChangesGuard({ inDialog: true });

  async function close() {
    if (await unsavedChanges.confirmDiscard()) onOpenChange(false);
  }

  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? onOpenChange(true) : void close())}>
      <Base.Portal>
        <Base.Backdrop className="scrim fade-motion fixed inset-0 z-40" />
        <Base.Popup
          ref={popup}
          // Focuses the first field, not the close button. Not after a touch: the on-screen keyboard would cover the dialog.
          initialFocus={(by) =>
            by === "touch" ? true : (popup.current?.querySelector("input, select, textarea") ?? true)
          }
          finalFocus={finalFocus ? { current: finalFocus } : undefined}
          className={cx(
            "float-motion fixed inset-x-0 bottom-0 z-50 max-h-[90dvh] overflow-y-auto rounded-t-lg bg-raised p-5 shadow-float",
            "sm:inset-x-auto sm:top-[12vh] sm:bottom-auto sm:left-1/2 sm:max-h-[76dvh] sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:rounded-lg",
            wide ? "sm:max-w-2xl" : "sm:max-w-md",
          )}
        >
          <div className="flex items-start justify-between gap-4">
            <Base.Title className="font-semibold text-lg">{title}</Base.Title>
            <Base.Close aria-label="Close" className={cx(iconButtonClass("sm"), "-mt-0.5 -mr-1.5")}>
              <X aria-hidden />
            </Base.Close>
          </div>
          {description && <Base.Description className="mt-1 text-muted">{description}</Base.Description>}
          <div className="mt-4">
            <UnsavedChangesContext value={unsavedChanges}>{children}</UnsavedChangesContext>
          </div>
        </Base.Popup>
      </Base.Portal>
      {discardDialog}
    </Base.Root>
  );
}

/** The buttons of a dialog. The primary button comes last. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{children}</div>;
}
