import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";

/**
 * A short text by the pointer or the focus. It is never the only place that says something: give the
 * child an accessible name of its own.
 */
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="z-50">
          <Base.Popup className="float-motion rounded-md bg-text px-2 py-1 text-canvas text-xs">{text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
