import { type BrowserContext, expect, type Page } from "@playwright/test";
import { ADMIN, MEMBER, PASSWORD } from "./people";
import type { Server } from "./server";
import { enter } from "./test";

/** A page in some state, as the tests look at it. */
export interface Shown {
  name: string;
  /** Who looks at it; nobody when it is not said. */
  as?: string;
  path: string;
  /** What leads from there to the state. */
  act?: (page: Page) => Promise<void>;
  /** By which the state is known to be there. */
  shows: string | RegExp;
}

const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();

const follow = (name: string | RegExp) => (page: Page) => page.getByRole("link", { name }).first().click();

async function openPalette(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+K");
}

/** A list that cannot be loaded, while everything else can. */
const withBrokenList = (path: string) => async (page: Page) => {
  await page.route(`**${path}*`, (route) => route.abort());
  await page.reload();
};

export const FOR_NOBODY: Shown[] = [
  { name: "sign-in", path: "/sign-in", shows: "Create an account" },
  { name: "sign-in-empty", path: "/sign-in", act: press(/^Sign in$/), shows: "Enter your password." },
  {
    name: "sign-in-wrong",
    path: "/sign-in",
    act: async (page) => {
      await page.getByLabel("Email").fill(ADMIN);
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await page.keyboard.press("Enter");
    },
    shows: "That did not match",
  },
  { name: "sign-up", path: "/sign-up", shows: "Have one already?" },
  {
    name: "sign-up-taken",
    path: "/sign-up",
    act: async (page) => {
      await page.getByLabel("Email").fill(ADMIN);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
    },
    shows: "This address has an account already.",
  },
  { name: "forgot-password", path: "/forgot-password", shows: "Choose a new password" },
  { name: "reset-password", path: "/reset-password#token=a.b", shows: "Set password" },
  { name: "reset-password-expired", path: "/reset-password", shows: "This link has expired" },
  { name: "verify-email", path: "/verify-email#token=a.b", shows: "Password of the account" },
  { name: "confirm-email-change", path: "/confirm-email-change#token=a.b", shows: "Confirm your new address" },
  { name: "setup-done", path: "/setup", shows: "Setup is done" },
];

export const FOR_MEMBERS: Shown[] = [
  { name: "profile", as: MEMBER, path: "/account", shows: "Member since" },
  { name: "security", as: MEMBER, path: "/account/security", shows: "Delete account" },
  {
    name: "change-email",
    as: MEMBER,
    path: "/account/security",
    act: press("Change…"),
    shows: "Change your email address",
  },
  {
    name: "delete-account",
    as: MEMBER,
    path: "/account/security",
    act: press("Delete account…"),
    shows: "Delete your account?",
  },
  { name: "sessions", as: MEMBER, path: "/account/sessions", shows: "This device" },
  {
    name: "sessions-failed",
    as: MEMBER,
    path: "/account/sessions",
    act: withBrokenList("/api/users/me/sessions"),
    shows: "Could not load the sessions",
  },
  { name: "command-palette", as: MEMBER, path: "/account", act: openPalette, shows: "Pages" },
  { name: "not-found", as: MEMBER, path: "/nowhere", shows: /not found|does not exist|no page/i },
];

export const FOR_ADMINS: Shown[] = [
  { name: "users", as: ADMIN, path: "/admin/users", shows: "2 of 2" },
  { name: "users-none-found", as: ADMIN, path: "/admin/users?q=nobody", shows: "No users match" },
  {
    name: "users-failed",
    as: ADMIN,
    path: "/admin/users",
    act: withBrokenList("/api/users"),
    shows: "Could not load the users",
  },
  { name: "invite", as: ADMIN, path: "/admin/users?create=true", shows: "Invite a user" },
  { name: "user", as: ADMIN, path: "/admin/users/:member", shows: "Email not verified" },
  { name: "user-roles", as: ADMIN, path: "/admin/users/:member/roles", shows: "Roles" },
  { name: "user-sessions", as: ADMIN, path: "/admin/users/:member/sessions", shows: "Sessions" },
  { name: "user-access", as: ADMIN, path: "/admin/users/:member/access", shows: "Access" },
  { name: "user-audit", as: ADMIN, path: "/admin/users/:member/audit", shows: "Audit" },
  { name: "roles", as: ADMIN, path: "/admin/roles", shows: "Every permission" },
  { name: "role", as: ADMIN, path: "/admin/roles", act: follow(/^member/), shows: "Permissions" },
  { name: "create-role", as: ADMIN, path: "/admin/roles", act: press("Create role"), shows: "Create a role" },
  { name: "audit", as: ADMIN, path: "/admin/audit", shows: "Signed in" },
  { name: "audit-none-found", as: ADMIN, path: "/admin/audit?to=2020-01-01", shows: "No events match" },
  { name: "audit-event", as: ADMIN, path: "/admin/audit", act: press("User created"), shows: "Request" },
  { name: "forbidden", as: MEMBER, path: "/admin/users", shows: "You may not see this page" },
];

/** Opens a page and waits until it is as it should be; `:member` in its path stands for their identifier. */
export async function open(
  page: Page,
  context: BrowserContext,
  server: Server,
  shown: Shown,
  member: string,
): Promise<void> {
  await context.clearCookies();
  if (shown.as) await enter(context, server, shown.as);
  // Two pages may differ in what follows `#` alone, which would not load anything.
  await page.goto("about:blank");
  await page.goto(shown.path.replace(":member", member));
  await shown.act?.(page);
  await expect(page.getByText(shown.shows).filter({ visible: true }).first()).toBeVisible();
}
