import type { ReactNode } from "react";
import { Card } from "./card";
import { Logo } from "./logo";

interface AuthPageProps {
  title: string;
  /** A sentence under the title. */
  description?: ReactNode;
  /** A link to a related page, under the card. */
  footer?: ReactNode;
  children?: ReactNode;
}

/** The layout of the signed-out pages: a centered card with a single task. */
export function AuthPage({ title, description, footer, children }: AuthPageProps) {
  return (
    <main id="content" className="flex min-h-dvh flex-col items-center px-4 py-10 sm:justify-center sm:pb-[16vh]">
      <title>{`${title} · Vestibule`}</title>
      <div className="w-full max-w-96">
        <div className="mb-6 flex items-center justify-center gap-2 font-semibold text-lg">
          <Logo className="size-7" />
          Vestibule
        </div>
        <Card className="p-6">
          <h1 tabIndex={-1} className="font-semibold text-xl tracking-tight">
            {title}
          </h1>
          {description && <div className="mt-1 text-muted">{description}</div>}
          {children && <div className="mt-5">{children}</div>}
        </Card>
        {footer && <div className="mt-5 text-center text-muted text-sm">{footer}</div>}
      </div>
    </main>
  );
}
