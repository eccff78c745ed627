import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { iconButtonClass } from "./button";
import { cx } from "./cx";

interface SidePanelProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  /** Buttons at the bottom, always visible. */
  footer?: ReactNode;
  children: ReactNode;
}

/** A panel with the details of a list row; full width on narrow screens. */
export function SidePanel({ open, onOpenChange, title, description, footer, children }: SidePanelProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim fade-motion fixed inset-0 z-40" />
        <Dialog.Popup className="slide-right-motion fixed inset-y-0 right-0 z-50 flex w-full flex-col bg-raised shadow-float sm:max-w-md">
          <header className="flex items-start justify-between gap-4 border-line border-b px-5 py-4">
            <div className="min-w-0">
              <Dialog.Title className="font-semibold text-lg">{title}</Dialog.Title>
              {description && (
                <Dialog.Description className="mt-0.5 text-muted text-sm">{description}</Dialog.Description>
              )}
            </div>
            <Dialog.Close aria-label="Close" className={cx(iconButtonClass("sm"), "-mr-1.5")}>
              <X aria-hidden />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && <footer className="flex justify-end gap-2 border-line border-t px-5 py-3">{footer}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
