import type { ReactNode } from "react";
import { ButtonLink } from "./links";
import { MessagePage } from "./message-page";

/** 404: an address that leads nowhere. */
export function NotFoundPage() {
  return (
    <NothingHere>
      There is nothing at <code className="break-all font-mono text-text">{location.pathname}</code>. Check the address;
      what was here may have been deleted.
    </NothingHere>
  );
}

/** The 404 page with other words, for a thing that is gone. */
export function NothingHere({ children }: { children: ReactNode }) {
  return (
    <MessagePage
      title="Page not found"
      actions={
        <ButtonLink to="/" variant="primary">
          Go to the start page
        </ButtonLink>
      }
    >
      <p>{children}</p>
    </MessagePage>
  );
}
