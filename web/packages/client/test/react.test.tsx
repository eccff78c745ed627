// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { memoryTokens } from "../src/index.js";
import { RequirePermission, SignedIn, SignedOut, SignIn, useSession, VestibuleProvider } from "../src/react/index.js";
import { createTestClient } from "../src/testing/index.js";
import { ada, base, openTab, signInHandlers, startMockApi, tokenResponse } from "./mock-api.js";

const api = startMockApi(...signInHandlers(new Set(["t1"])));

afterEach(cleanup);

function SignOut() {
  const { signOut } = useSession();
  return (
    <button type="button" onClick={signOut}>
      Sign out
    </button>
  );
}

function renderApp(client = openTab()) {
  return render(
    <VestibuleProvider client={client}>
      <SignedIn>{(user) => <p>Signed in as {user.email}</p>}</SignedIn>
      <SignedIn>
        <SignOut />
        <RequirePermission permission="users:read" fallback="Users hidden">
          Users
        </RequirePermission>
        <RequirePermission permission="roles:read" fallback="Roles hidden">
          Roles
        </RequirePermission>
      </SignedIn>
      <SignedOut>
        <SignIn />
      </SignedOut>
    </VestibuleProvider>,
  );
}

async function signIn() {
  fireEvent.change(await screen.findByLabelText("Email"), { target: { value: ada.email } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: ada.password } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

it("signs in and out with the form", async () => {
  renderApp();
  await signIn();
  expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
  expect(screen.queryByLabelText("Email")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByLabelText("Email")).toBeTruthy();
  expect(screen.queryByText(/Signed in/)).toBeNull();
});

it("renders children or the fallback depending on the permission", async () => {
  renderApp();
  await signIn();
  expect(await screen.findByText(/Users/)).toBeTruthy();
  expect(screen.queryByText("Roles")).toBeNull();
  expect(screen.getByText(/Roles hidden/)).toBeTruthy();
});

it("renders nothing while the session is loading", async () => {
  const storage = memoryTokens();
  await storage.set("stored");
  api.use(http.post(`${base}/api/auth/refresh`, () => HttpResponse.json(tokenResponse("t1"))));
  const { container } = renderApp(openTab({ storage }));
  expect(container.textContent).toBe("");
  expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
});

describe("while it is not known whether a user is signed in", () => {
  it.each([
    ["loading", "", "Wait"],
    ["offline", "Can't reach the server. Retrying…Retry", "Down"],
  ] as const)("the provider renders a fallback: %s", (status, byDefault, own) => {
    const client = createTestClient({ state: { status, error: new Error("down") } });
    const { container, rerender } = render(<VestibuleProvider client={client}>{null}</VestibuleProvider>);
    expect(container.textContent).toBe(byDefault);
    rerender(
      <VestibuleProvider client={client} loading="Wait" offline="Down">
        {null}
      </VestibuleProvider>,
    );
    expect(container.textContent).toBe(own);
  });

  it("a permission shows neither the children nor the fallback", () => {
    const guard = (loading?: string) => (
      <VestibuleProvider client={createTestClient({ state: { status: "loading" } })}>
        <RequirePermission permission="users:read" fallback="Hidden" loading={loading}>
          Users
        </RequirePermission>
      </VestibuleProvider>
    );
    const { container, rerender } = render(guard());
    expect(container.textContent).toBe("");
    rerender(guard("Wait"));
    expect(container.textContent).toBe("Wait");
  });

  it("a button retries at once", async () => {
    const storage = memoryTokens();
    await storage.set("stored");
    api.use(http.post(`${base}/api/auth/refresh`, () => HttpResponse.error()));
    renderApp(openTab({ storage }));
    const retry = await screen.findByRole("button", { name: "Retry" });
    api.use(http.post(`${base}/api/auth/refresh`, () => HttpResponse.json(tokenResponse("t1"))));
    fireEvent.click(retry);
    expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  });
});

describe("server rendering", () => {
  it("agrees with the hydration of a client that has already restored its session", async () => {
    const client = createTestClient();
    const app = (
      <VestibuleProvider client={client} loading="Wait">
        <SignedIn>{(user) => user.email}</SignedIn>
      </VestibuleProvider>
    );
    const container = document.createElement("div");
    container.innerHTML = renderToString(app);
    expect(container.textContent).toBe("Wait");
    const errors = vi.fn();
    const root = await act(() => hydrateRoot(container, app, { onRecoverableError: errors }));
    expect(container.textContent).toBe(ada.email);
    expect(errors).not.toHaveBeenCalled();
    act(() => root.unmount());
  });
});

it("throws without a provider", () => {
  expect(() => render(<SignOut />)).toThrow("No VestibuleProvider found.");
});
