import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { isProblem } from "@vestibule/client";
import { useState } from "react";
import { describeError, isChunkLoadError, MissingPermissionError } from "../lib/errors";
import { client } from "../lib/session";
import { Button } from "./button";
import { ButtonLink } from "./links";
import { MessagePage } from "./message-page";
import { NotFoundMessage } from "./not-found-page";

/** The page for an error that a route cannot handle: 403, 404, 5xx or no connection. Never signs the user out. */
export function ErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter();
  const [retrying, setRetrying] = useState(false);
  const isForbidden = isProblem(error, "forbidden") || error instanceof MissingPermissionError;
  const { title, detail, requestId } = describeError(error);

  if (isProblem(error) && error.status === 404) {
    return <NotFoundMessage>It may have been deleted, or the link is incorrect.</NotFoundMessage>;
  }

  async function retry() {
    setRetrying(true);
    await (isChunkLoadError(error) ? reload() : router.invalidate());
    setRetrying(false);
  }

  return (
    <MessagePage
      title={title}
      requestId={requestId}
      actions={
        <>
          {!isForbidden && (
            <Button variant="primary" busy={retrying} onClick={retry}>
              Try again
            </Button>
          )}
          <ButtonLink to="/">Go to home page</ButtonLink>
        </>
      }
    >
      <p>{detail}</p>
    </MessagePage>
  );
}

/** Reloads the app, unless the server is unreachable: the browser would show its own error page. */
async function reload() {
  const isReachable = await client.getSettings().then(
    () => true,
    () => false,
  );
  if (isReachable) location.reload();
}
