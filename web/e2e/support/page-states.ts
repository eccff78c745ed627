import { type BrowserContext, expect, type Page } from "@playwright/test";
import { ADMIN, MEMBER, PASSWORD } from "./accounts";
import type { Server } from "./server";
import { signInViaApi } from "./test";

/** A page in a certain state. */
export interface PageState {
  name: string;
  /** The email of the signed-in user; signed out if not set. */
  as?: string;
  /** The path to open; `:member` is replaced with the ID of the member. */
  path: string;
  /** Interacts with the page to reach the state. */
  act?: (page: Page) => Promise<void>;
  /** Text that is visible only in the state. */
  shows: string | RegExp;
  /** Rules of axe that the state violates on purpose. */
  exceptRules?: string[];
}

const clickButton = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();

const clickLink = (name: string | RegExp) => (page: Page) => page.getByRole("link", { name }).first().click();

async function openPalette(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+K");
}

/** Reloads the page while the requests of a list fail. */
const breakList = (path: string) => async (page: Page) => {
  await page.route(`**${path}*`, (route) => route.abort());
  await page.reload();
};

export const SIGNED_OUT_PAGES: PageState[] = [
  { name: "sign-in", path: "/sign-in", shows: "Create an account" },
  { name: "sign-in-empty", path: "/sign-in", act: clickButton(/^Sign in$/), shows: "Enter your password." },
  {
    name: "sign-in-incorrect",
    path: "/sign-in",
    act: async (page) => {
      await page.getByLabel("Email").fill(ADMIN);
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await page.keyboard.press("Enter");
    },
    shows: "Incorrect email or password",
  },
  { name: "sign-up", path: "/sign-up", shows: "Already have an account?" },
  {
    name: "sign-up-taken",
    path: "/sign-up",
    act: async (page) => {
      await page.getByLabel("Email").fill(ADMIN);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
    },
    shows: "An account with this email already exists.",
  },
  { name: "forgot-password", path: "/forgot-password", shows: "Reset your password" },
  { name: "reset-password", path: "/reset-password#token=a.b", shows: "Set password" },
  { name: "reset-password-expired", path: "/reset-password", shows: "This link has expired" },
  { name: "verify-email", path: "/verify-email#token=a.b", shows: "Account password" },
  { name: "confirm-email-change", path: "/confirm-email-change#token=a.b", shows: "Confirm your new email" },
  { name: "setup-done", path: "/setup", shows: "Setup is complete" },
];

export const MEMBER_PAGES: PageState[] = [
  { name: "profile", as: MEMBER, path: "/account", shows: "Member since" },
  { name: "security", as: MEMBER, path: "/account/security", shows: "You get recovery codes when" },
  {
    name: "change-email",
    as: MEMBER,
    path: "/account",
    act: clickButton("Change…"),
    shows: "Change your email address",
  },
  {
    name: "delete-account",
    as: MEMBER,
    path: "/account",
    act: clickButton("Delete account…"),
    shows: "Delete your account?",
  },
  { name: "sessions", as: MEMBER, path: "/account/sessions", shows: "This device" },
  {
    name: "sessions-failed",
    as: MEMBER,
    path: "/account/sessions",
    act: breakList("/api/users/me/sessions"),
    shows: "Could not load sessions",
  },
  { name: "command-palette", as: MEMBER, path: "/account", act: openPalette, shows: "Pages" },
  { name: "not-found", as: MEMBER, path: "/nowhere", shows: "Page not found" },
];

export const ADMIN_PAGES: PageState[] = [
  { name: "users", as: ADMIN, path: "/admin/users", shows: "2 of 2" },
  { name: "users-none-found", as: ADMIN, path: "/admin/users?q=unknown", shows: "No matching users" },
  {
    name: "users-failed",
    as: ADMIN,
    path: "/admin/users",
    act: breakList("/api/users"),
    shows: "Could not load users",
  },
  { name: "invite", as: ADMIN, path: "/admin/users?create=true", shows: "Send invitation" },
  { name: "user", as: ADMIN, path: "/admin/users/:member", shows: "Email not verified" },
  {
    name: "user-roles",
    as: ADMIN,
    path: "/admin/users/:member/roles",
    shows: "A user has the permissions of all their roles",
  },
  { name: "user-sessions", as: ADMIN, path: "/admin/users/:member/sessions", shows: "No active sessions" },
  { name: "user-access", as: ADMIN, path: "/admin/users/:member/access", shows: "Check a permission" },
  { name: "user-audit", as: ADMIN, path: "/admin/users/:member/audit", shows: "No events yet" },
  { name: "roles", as: ADMIN, path: "/admin/roles", shows: "Roles grant permissions." },
  { name: "role", as: ADMIN, path: "/admin/roles", act: clickLink(/^member/), shows: "Permissions" },
  {
    name: "create-role",
    as: ADMIN,
    path: "/admin/roles",
    act: clickButton("Create role"),
    shows: "You can add permissions in the next step.",
  },
  { name: "audit", as: ADMIN, path: "/admin/audit", shows: "Signed in" },
  { name: "audit-none-found", as: ADMIN, path: "/admin/audit?to=2020-01-01", shows: "No matching events" },
  {
    name: "audit-actor",
    as: ADMIN,
    path: "/admin/audit",
    act: (page) => page.getByLabel("Actor").fill("grace"),
    shows: "Grace Hopper",
    // The open list hides the rest of the page from screen readers. Tab closes it before the focus moves there.
    exceptRules: ["aria-hidden-focus"],
  },
  { name: "audit-event", as: ADMIN, path: "/admin/audit", act: clickButton("User created"), shows: "Request ID" },
  { name: "forbidden", as: MEMBER, path: "/admin/users", shows: "You don't have access to this page" },
];

/** Opens a page and waits for its state. */
export async function openPage(
  page: Page,
  context: BrowserContext,
  server: Server,
  state: PageState,
  memberId: string,
): Promise<void> {
  await context.clearCookies();
  if (state.as) await signInViaApi(context, server, state.as);
  // Two paths may differ only in the fragment, which would not load a new page.
  await page.goto("about:blank");
  await page.goto(state.path.replace(":member", memberId));
  await state.act?.(page);
  await expect(page.getByText(state.shows).filter({ visible: true }).first()).toBeVisible();
}
