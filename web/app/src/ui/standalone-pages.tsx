import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorPage } from "./error-page";
import { NotFoundPage } from "./not-found-page";

/** The error page where no shell is around it. */
export function StandaloneErrorPage(props: ErrorComponentProps) {
  return (
    <main id="content">
      <ErrorPage {...props} />
    </main>
  );
}

/** The 404 page where no shell is around it. */
export function StandaloneNotFoundPage() {
  return (
    <main id="content">
      <NotFoundPage />
    </main>
  );
}
