import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { isProblem } from "@vestibule/client";
import { useState } from "react";
import { MissingPermission } from "../lib/missing-permission";
import { describeError } from "../lib/problem";
import { client } from "../lib/session";
import { isUnloaded } from "../lib/unloaded";
import { Button } from "./button";
import { ButtonLink } from "./links";
import { MessagePage } from "./message-page";
import { NothingHere } from "./not-found-page";

/**
 * The page for whatever a route could not get over: not allowed (403), gone (404), the server's fault
 * (500) or no connection. It never signs anybody out.
 */
export function ErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter();
  const [retrying, setRetrying] = useState(false);
  const isForbidden = isProblem(error, "forbidden") || error instanceof MissingPermission;
  const { title, detail, requestId } = describeError(error);

  if (isProblem(error) && error.status === 404) {
    return <NothingHere>{error.message}. It may have been deleted, or the link is wrong.</NothingHere>;
  }

  async function retry() {
    setRetrying(true);
    await (isUnloaded(error) ? reload() : router.invalidate());
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
          <ButtonLink to="/">Go to the start page</ButtonLink>
        </>
      }
    >
      <p>{detail}</p>
    </MessagePage>
  );
}

/** Loads the whole program anew; not while the server is away, for then there would be nothing at all. */
async function reload() {
  const isThere = await client.getSettings().then(
    () => true,
    () => false,
  );
  if (isThere) location.reload();
}
