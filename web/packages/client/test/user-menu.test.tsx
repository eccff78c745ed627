// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { UserMenu, VestibuleProvider } from "../src/react/index.js";
import { createTestClient } from "../src/testing/index.js";
import { expectAccessible } from "./accessibility.js";

afterEach(cleanup);

function renderMenu(client = createTestClient(), onSignedOut = vi.fn()) {
  render(
    <VestibuleProvider client={client}>
      <UserMenu onSignedOut={onSignedOut}>
        <a href="/account">Account</a>
      </UserMenu>
      <button type="button">Elsewhere</button>
    </VestibuleProvider>,
  );
  return { client, onSignedOut };
}

const button = () => screen.getByRole("button", { name: "Account: Ada Lovelace" });
const isOpen = () => screen.queryByRole("button", { name: "Sign out" }) !== null;

it("shows the user, the entries and the sign-out", async () => {
  renderMenu();
  expect(button().textContent).toBe("ALAda Lovelace");
  expect(button().getAttribute("aria-expanded")).toBe("false");
  expect(isOpen()).toBe(false);
  await expectAccessible();
  fireEvent.click(button());
  expect(button().getAttribute("aria-expanded")).toBe("true");
  expect(screen.getByText("ada@example.com")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Account" })).toBeTruthy();
  await expectAccessible();
});

it("signs out and renders nothing", async () => {
  const { client, onSignedOut } = renderMenu();
  fireEvent.click(button());
  fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
  await vi.waitFor(() => expect(onSignedOut).toHaveBeenCalledOnce());
  expect(client.session.getState().status).toBe("signed_out");
  expect(screen.queryByRole("button", { name: /Account/ })).toBeNull();
});

it("closes with Escape, which returns the focus to the button", () => {
  renderMenu();
  fireEvent.click(button());
  const link = screen.getByRole("link", { name: "Account" });
  link.focus();
  fireEvent.keyDown(link, { key: "Escape" });
  expect(isOpen()).toBe(false);
  expect(document.activeElement).toBe(button());
});

it("closes when the focus or the pointer leaves it", () => {
  renderMenu();
  const elsewhere = screen.getByRole("button", { name: "Elsewhere" });
  fireEvent.click(button());
  fireEvent.blur(screen.getByRole("link", { name: "Account" }), { relatedTarget: elsewhere });
  expect(isOpen()).toBe(false);
  fireEvent.click(button());
  fireEvent.pointerDown(screen.getByRole("link", { name: "Account" }));
  expect(isOpen()).toBe(true);
  fireEvent.pointerDown(elsewhere);
  expect(isOpen()).toBe(false);
});
