import type { ReactNode } from "react";
import { RequestId } from "./request-id";

interface MessagePageProps {
  title: string;
  children: ReactNode;
  /** Buttons and links. */
  actions?: ReactNode;
  requestId?: string | null;
}

/** A full-page message, such as an error. */
export function MessagePage({ title, children, actions, requestId }: MessagePageProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-start px-4 py-[14vh]">
      <title>{`${title} · Vestibule`}</title>
      <h1 tabIndex={-1} className="font-semibold text-xl tracking-tight">
        {title}
      </h1>
      <div className="mt-2 text-muted">{children}</div>
      {actions && <div className="mt-5 flex flex-wrap gap-2">{actions}</div>}
      <RequestId id={requestId} className="mt-8" />
    </div>
  );
}
