// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import {
  AuthPanel,
  RequirePermission,
  SignedIn,
  SignedOut,
  useSession,
  VestibuleProvider,
} from "../src/react/index.js";
import { createTestClient, type TestClientOptions } from "../src/testing/index.js";

afterEach(cleanup);

function SignOut() {
  const { signOut } = useSession();
  return (
    <button type="button" onClick={signOut}>
      Sign out
    </button>
  );
}

function renderWith(options?: TestClientOptions) {
  render(
    <VestibuleProvider client={createTestClient(options)}>
      <SignedIn>{(user) => `Hello ${user.email}`}</SignedIn>
      <RequirePermission permission="users:read">Users</RequirePermission>
      <SignedOut>
        <AuthPanel />
      </SignedOut>
      <SignOut />
    </VestibuleProvider>,
  );
}

it("has a user, whose properties a test can replace", async () => {
  renderWith({ user: { email: "grace@example.com", permissions: ["users:read"] } });
  expect(screen.getByText(/Hello grace@example.com/)).toBeTruthy();
  expect(screen.getByText(/Users/)).toBeTruthy();
});

it("signs in and out without a server", async () => {
  renderWith({ user: null });
  fireEvent.change(screen.getByLabelText("Email"), { target: { value: "grace@example.com" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "any" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByText(/Hello grace@example.com/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByLabelText("Email")).toBeTruthy();
});

it("has the current user and the operations of the test, and rejects all others", async () => {
  const permission = { name: "users:read", description: null, built_in: true };
  const client = createTestClient({
    operations: { listPermissions: async () => [permission] },
  });
  expect(await client.getCurrentUser()).toMatchObject({ display_name: "Ada Lovelace" });
  expect(await client.listPermissions()).toEqual([permission]);
  expect(await client.session.getAccessToken()).toBe("test-access-token");
  await expect(client.listUsers()).rejects.toThrow("createTestClient({ operations: { listUsers: async () => … } })");
});
