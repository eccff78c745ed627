import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { iconButtonClass } from "../../ui/button";

interface NavigationDrawerProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  children: ReactNode;
}

/** The sidebar of narrow screens. Loaded on first use. */
export default function NavigationDrawer({ open, onOpenChange, children }: NavigationDrawerProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim fade-motion fixed inset-0 z-40 lg:hidden" />
        <Dialog.Popup className="slide-left-motion fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] flex-col bg-canvas p-3 shadow-float lg:hidden">
          <div className="mb-3 flex items-center justify-between pl-2">
            <Dialog.Title className="font-semibold">Navigation</Dialog.Title>
            <Dialog.Close aria-label="Close" className={iconButtonClass()}>
              <X aria-hidden />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
