import type { ReactNode } from "react";
import { RequestReference } from "./request-reference";

interface MessagePageProps {
  title: string;
  /** What is missing and what to do. */
  children: ReactNode;
  /** Ways on. */
  actions?: ReactNode;
  requestId?: string | null;
}

/** A page in the place of one that cannot be shown. The request's number comes last. */
export function MessagePage({ title, children, actions, requestId }: MessagePageProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-start px-4 py-[14vh]">
      <title>{`${title} · Vestibule`}</title>
      <h1 tabIndex={-1} className="font-semibold text-xl tracking-tight">
        {title}
      </h1>
      <div className="mt-2 text-muted">{children}</div>
      {actions && <div className="mt-5 flex flex-wrap gap-2">{actions}</div>}
      <RequestReference id={requestId} className="mt-8" />
    </div>
  );
}
