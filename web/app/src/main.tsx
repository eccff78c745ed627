import "./styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { VestibuleProvider } from "@vestibule/client/react";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { describeError } from "./lib/errors";
import { queryClient } from "./lib/query-client";
import { client } from "./lib/session";
import { router } from "./router";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const reactRoot = createRoot(root, {
  // The error page handles expected errors, such as missing permissions or deleted resources. Reports only bugs.
  onCaughtError(error) {
    if (describeError(error).unexpected) reportError(error);
  },
});

function render() {
  reactRoot.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <VestibuleProvider client={client} offline={null} stepUp={null}>
          <RouterProvider router={router} />
        </VestibuleProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

// The session is restored as soon as the server can be reached again. Then the page replaces the error page.
let wasOffline = false;
client.session.subscribe(() => {
  const { status } = client.session.getState();
  if (wasOffline && status !== "offline") void router.invalidate();
  wasOffline = status === "offline";
});

// Renders after the first route has loaded, and as a transition so that rendering does not block the browser.
// No top-level `await`, because the chunks of the page wait for this module.
void router.load().then(() => startTransition(render));
