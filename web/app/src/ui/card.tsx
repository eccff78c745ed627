import type { ReactNode } from "react";
import { cx } from "./cx";

/** A bordered surface for content. */
export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cx("rounded-lg border border-line bg-surface shadow-card", className)}>{children}</div>;
}

interface SectionProps {
  title: string;
  description?: ReactNode;
  /** Shown at the end of the title row. */
  actions?: ReactNode;
  /** Omit for a section that has only a heading and actions. */
  children?: ReactNode;
}

/** A titled card on a settings page. */
export function Section({ title, description, actions, children }: SectionProps) {
  return (
    <Card>
      <section>
        <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 py-4 sm:flex-nowrap">
          <div className="min-w-0">
            <h2 className="font-semibold text-base">{title}</h2>
            {description && <div className="mt-0.5 max-w-prose text-muted text-sm">{description}</div>}
          </div>
          {actions && <div className="flex shrink-0 gap-2">{actions}</div>}
        </header>
        {children && <div className="border-line border-t px-5 py-4">{children}</div>}
      </section>
    </Card>
  );
}

/** A column of sections, for settings pages. */
export function SettingsLayout({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-6 [&>header]:mb-0">{children}</div>;
}
