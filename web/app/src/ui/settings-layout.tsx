import type { ReactNode } from "react";

/** A narrow page of sections, one under the other. */
export function SettingsLayout({ children }: { children: ReactNode }) {
  return <div className="mx-auto flex max-w-2xl flex-col gap-6 [&>header]:mb-0">{children}</div>;
}
