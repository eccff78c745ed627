import type { ReactNode } from "react";
import { cx } from "./cx";

/** A white sheet with a hairline round it. */
export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cx("rounded-lg border border-line bg-surface shadow-card", className)}>{children}</div>;
}

interface SectionProps {
  title: string;
  description?: ReactNode;
  /** At the end of the title's line. */
  actions?: ReactNode;
  /** Without any, the section is its heading and actions alone. */
  children?: ReactNode;
}

/** A titled part of a page of settings: what it is about, and a card with what can be done. */
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
