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
import { ada, base, grant, openTab, problem, signInHandlers, startApi } from "./api.js";

const api = startApi(...signInHandlers(new Set(["t1"])));

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
        <RequirePermission permission="users:read" fallback="No users for you">
          Users
        </RequirePermission>
        <RequirePermission permission="roles:read" fallback="No roles for you">
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

it("signs in and out by a form", async () => {
  renderApp();
  await signIn();
  expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
  expect(screen.queryByLabelText("Email")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByLabelText("Email")).toBeTruthy();
  expect(screen.queryByText(/Signed in/)).toBeNull();
});

it("says why somebody is not let in, and lets them try again", async () => {
  api.use(
    http.post(`${base}/api/auth/login`, () => problem(401, "invalid_credentials", { detail: "Wrong" }), { once: true }),
  );
  renderApp();
  await signIn();
  expect((await screen.findByRole("alert")).textContent).toBe("Wrong");
  await signIn();
  expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
});

it("shows what a person may do, and no more", async () => {
  renderApp();
  await signIn();
  expect(await screen.findByText(/Users/)).toBeTruthy();
  expect(screen.queryByText("Roles")).toBeNull();
  expect(screen.getByText(/No roles for you/)).toBeTruthy();
});

it("shows neither side while it is not known who is there", async () => {
  const storage = memoryTokens();
  await storage.set("kept");
  api.use(http.post(`${base}/api/auth/refresh`, () => HttpResponse.json(grant("t1"))));
  const { container } = renderApp(openTab({ storage }));
  expect(container.textContent).toBe("");
  expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
});

it("says what is missing around a component that stands alone", () => {
  expect(() => render(<SignOut />)).toThrow("There is no <VestibuleProvider> around this component.");
});
