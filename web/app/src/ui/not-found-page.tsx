import type { ReactNode } from "react";
import { ButtonLink } from "./links";
import { MessagePage } from "./message-page";

/** The 404 page for an unknown URL. */
export function NotFoundPage() {
  return (
    <NotFoundMessage>
      <code className="wrap-anywhere font-mono text-text">{location.pathname}</code> does not exist. It may have been
      deleted, or the link is incorrect.
    </NotFoundMessage>
  );
}

/** The 404 page with a custom message. */
export function NotFoundMessage({ children }: { children: ReactNode }) {
  return (
    <MessagePage
      title="Page not found"
      actions={
        <ButtonLink to="/" variant="primary">
          Go to home page
        </ButtonLink>
      }
    >
      <p>{children}</p>
    </MessagePage>
  );
}
