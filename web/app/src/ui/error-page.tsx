import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { isProblem } from "@vestibule/client";
import { useEffect, useEffectEvent, useState } from "react";
import {
  describeError,
  isChunkLoadError,
  isServerUnavailable,
  MissingPermissionError,
  requiresSecondFactor,
} from "../lib/errors";
import { client } from "../lib/session";
import { Button } from "./button";
import { ButtonLink } from "./links";
import { MessagePage } from "./message-page";
import { NotFoundMessage } from "./not-found-page";

/** The interval in which the page checks whether the server is available again, in milliseconds. */
const POLL_INTERVAL = 3000;

/**
 * The page for an error that a route cannot handle: 403, 404, 5xx or no connection. Never signs the user out. Continues
 * by itself when the server is available again.
 */
export function ErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter();
  const [retrying, setRetrying] = useState(false);
  const isForbidden = isProblem(error, "forbidden") || error instanceof MissingPermissionError;
  const needsSecondFactor = requiresSecondFactor(error);
  const isTemporary = isServerUnavailable(error);
  const { title, detail, requestId } = describeError(error);
  useServerRecovery(error, retry);

  if (isProblem(error) && error.status === 404) {
    return <NotFoundMessage>It may have been deleted, or the link is incorrect.</NotFoundMessage>;
  }

  async function retry() {
    setRetrying(true);
    if (!isChunkLoadError(error)) await router.invalidate();
    // The browser would show its own error page.
    else if (await isServerAvailable()) location.reload();
    setRetrying(false);
  }

  return (
    <MessagePage
      title={title}
      requestId={requestId}
      actions={
        <>
          {needsSecondFactor && (
            <ButtonLink to="/account/security" variant="primary">
              Set up a second factor
            </ButtonLink>
          )}
          {!isForbidden && !needsSecondFactor && (
            <Button variant="primary" busy={retrying} onClick={retry}>
              Try again
            </Button>
          )}
          <ButtonLink to="/">Go to home page</ButtonLink>
        </>
      }
    >
      {detail !== title && <p>{detail}</p>}
      {isTemporary && <p className="mt-2">This page continues as soon as the server responds.</p>}
    </MessagePage>
  );
}

/** Calls `onRecovered` when the server is available again after an error that may mean that it was not. */
function useServerRecovery(error: unknown, onRecovered: () => void) {
  const notify = useEffectEvent(onRecovered);
  useEffect(() => {
    let wasUnavailable = isServerUnavailable(error);
    if (!wasUnavailable && !isChunkLoadError(error)) return;
    const timer = setInterval(async () => {
      const isAvailable = await isServerAvailable();
      if (isAvailable && wasUnavailable) notify();
      wasUnavailable ||= !isAvailable;
    }, POLL_INTERVAL);
    return () => clearInterval(timer);
  }, [error]);
}

async function isServerAvailable(): Promise<boolean> {
  return client.getSettings().then(
    () => true,
    () => false,
  );
}
