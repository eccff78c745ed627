import "./styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { VestibuleProvider } from "@vestibule/client/react";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { describeError } from "./lib/problem";
import { queryClient } from "./lib/query-client";
import { client } from "./lib/session";
import { router } from "./router";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const reactRoot = createRoot(root, {
  // What the error page tells people of, because they may not see something or it is gone, is no fault of the app.
  onCaughtError(error) {
    if (describeError(error).unexpected) reportError(error);
  },
});

function render() {
  reactRoot.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <VestibuleProvider client={client}>
          <RouterProvider router={router} />
        </VestibuleProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

// The first page is rendered once, when what it shows is there, and in pieces that leave the browser room to breathe.
// No `await` here: the parts of a page wait for this module.
void router.load().then(() => startTransition(render));
