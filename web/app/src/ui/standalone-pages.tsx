import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorPage } from "./error-page";
import { NotFoundPage } from "./not-found-page";

/** The error page outside the app shell. */
export function StandaloneErrorPage(props: ErrorComponentProps) {
  return (
    <main id="content">
      <ErrorPage {...props} />
    </main>
  );
}

/** The 404 page outside the app shell. */
export function StandaloneNotFoundPage() {
  return (
    <main id="content">
      <NotFoundPage />
    </main>
  );
}
