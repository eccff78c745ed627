import { createLink, type LinkComponent } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

/** Tabs that are links: the active tab is in the URL, so links, reload and the back button work. Contains `TabLink`s. */
export function TabNav({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="mb-6 flex gap-5 overflow-x-auto border-line border-b">
      {children}
    </nav>
  );
}

function TabAnchor({ className, ...rest }: ComponentProps<"a">) {
  return (
    <a
      {...rest}
      className={cx(
        "-mb-px whitespace-nowrap rounded-t-sm border-transparent border-b-2 pt-1 pb-2.5 font-medium text-muted text-sm -outline-offset-2 hover:text-text",
        "aria-[current=page]:border-accent-text aria-[current=page]:text-text",
        className,
      )}
    />
  );
}

/** A tab. The router sets `aria-current` on the active one. */
export const TabLink: LinkComponent<typeof TabAnchor> = createLink(TabAnchor);
