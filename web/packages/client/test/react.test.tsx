// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, expect, it } from "vitest";
import { memoryTokens } from "../src/index.js";
import {
  RequirePermission,
  SignedIn,
  SignedOut,
  SignInForm,
  useSession,
  VestibuleProvider,
} from "../src/react/index.js";
import { ada, base, openTab, problemResponse, signInHandlers, startMockApi, tokenResponse } from "./mock-api.js";

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
        <SignInForm />
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

it("shows a sign-in error and allows another attempt", async () => {
  api.use(
    http.post(`${base}/api/auth/login`, () => problemResponse(401, "invalid_credentials", { detail: "Wrong" }), {
      once: true,
    }),
  );
  renderApp();
  await signIn();
  expect((await screen.findByRole("alert")).textContent).toBe("Wrong");
  await signIn();
  expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
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

it("throws without a provider", () => {
  expect(() => render(<SignOut />)).toThrow("No VestibuleProvider found.");
});
