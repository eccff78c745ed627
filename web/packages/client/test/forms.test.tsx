// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Texts } from "../src/react/index.js";
import { AuthPanel, ForgotPassword, SignedIn, SignIn, SignUp, VestibuleProvider } from "../src/react/index.js";
import { expectAccessible } from "./accessibility.js";
import {
  ada,
  base,
  openTab,
  problemResponse,
  settings,
  signInHandlers,
  startMockApi,
  userWithEmail,
} from "./mock-api.js";

const accepted = () => new HttpResponse(null, { status: 202 });
const api = startMockApi(
  ...signInHandlers(new Set(["t1"])),
  http.post(`${base}/api/users`, () => HttpResponse.json(userWithEmail(ada.email), { status: 201 })),
  http.post(`${base}/api/auth/forgot-password`, accepted),
  http.post(`${base}/api/auth/resend-verification`, accepted),
);

afterEach(cleanup);

function renderForm(form: ReactNode, texts: Partial<Texts> = {}) {
  return render(
    <VestibuleProvider client={openTab()} texts={texts}>
      {form}
      <SignedIn>{(user) => <p>Signed in as {user.email}</p>}</SignedIn>
    </VestibuleProvider>,
  );
}

const fillIn = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const descriptionOf = (label: string) =>
  document.getElementById(screen.getByLabelText(label).getAttribute("aria-describedby") ?? "")?.textContent;

function submit(button: string) {
  fillIn("Email", ada.email);
  if (screen.queryByLabelText("Password")) fillIn("Password", ada.password);
  press(button);
}

const rejectOnce = (path: string, ...problem: Parameters<typeof problemResponse>) =>
  api.use(http.post(`${base}${path}`, () => problemResponse(...problem), { once: true }));

describe("SignIn", () => {
  it("signs in", async () => {
    const onSignedIn = vi.fn();
    renderForm(<SignIn onSignedIn={onSignedIn} />);
    await expectAccessible();
    submit("Sign in");
    expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
    expect(onSignedIn).toHaveBeenCalledOnce();
  });

  it("shows the missing fields and focuses the first one", async () => {
    renderForm(<SignIn />);
    press("Sign in");
    expect(descriptionOf("Email")).toBe("Enter your email address.");
    expect(descriptionOf("Password")).toBe("Enter a password.");
    expect(screen.getByLabelText("Email").getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(screen.getByLabelText("Email"));
    await expectAccessible();
  });

  it.each([
    [401, "invalid_credentials", {}, "Incorrect email or password."],
    [403, "account_disabled", {}, "This account is disabled. Contact an administrator to enable it."],
    [429, "too_many_requests", { "Retry-After": "42" }, "Too many attempts. Try again in 42 seconds."],
    [429, "too_many_requests", { "Retry-After": "600" }, "Too many attempts. Try again in 10 minutes."],
    [503, "unavailable", {}, "Something went wrong on the server. Try again later."],
  ])("announces the error %i %s and allows another attempt", async (status, code, headers, text) => {
    rejectOnce("/api/auth/login", status, code, {}, headers);
    renderForm(<SignIn />);
    submit("Sign in");
    expect((await screen.findByRole("alert")).textContent).toBe(text);
    submit("Sign in");
    expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("resends the email to an unverified address", async () => {
    rejectOnce("/api/auth/login", 403, "email_not_verified");
    const resent = vi.fn();
    api.use(
      http.post(`${base}/api/auth/resend-verification`, async ({ request }) => {
        resent(await request.json());
        return accepted();
      }),
    );
    renderForm(<SignIn />);
    submit("Sign in");
    expect((await screen.findByRole("alert")).textContent).toContain("Verify your email address first");
    press("Resend email");
    expect(await screen.findByText("Email sent.")).toBeTruthy();
    expect(resent).toHaveBeenCalledWith({ email: ada.email });
    await expectAccessible();
  });

  it("shows the password", () => {
    renderForm(<SignIn />);
    press("Show password");
    expect(screen.getByLabelText("Password").getAttribute("type")).toBe("text");
    press("Hide password");
    expect(screen.getByLabelText("Password").getAttribute("type")).toBe("password");
  });

  it("has links and buttons to the other forms only if they are passed", () => {
    const showSignUp = vi.fn();
    renderForm(<SignIn signUp={showSignUp} forgotPassword="/forgot-password" />);
    expect(screen.getByRole("link", { name: "Forgot password?" }).getAttribute("href")).toBe("/forgot-password");
    press("Create one");
    expect(showSignUp).toHaveBeenCalledOnce();
    cleanup();
    renderForm(<SignIn />);
    expect(screen.queryByText("Forgot password?")).toBeNull();
    expect(screen.queryByText("Create one")).toBeNull();
  });

  it("has the texts of its provider, replaced by its own", () => {
    renderForm(<SignIn texts={{ password: "Kennwort" }} />, { email: "E-Mail", password: "Passwort" });
    expect(screen.getByLabelText("E-Mail")).toBeTruthy();
    expect(screen.getByLabelText("Kennwort")).toBeTruthy();
    expect(screen.getByRole("form", { name: "Sign in" })).toBeTruthy();
  });
});

describe("SignUp", () => {
  it("creates the account and signs in", async () => {
    const onSignedIn = vi.fn();
    renderForm(<SignUp onSignedIn={onSignedIn} />);
    await waitFor(() => expect(descriptionOf("Password")).toBe("At least 12 characters."));
    await expectAccessible();
    submit("Create account");
    expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
    expect(onSignedIn).toHaveBeenCalledOnce();
  });

  it.each([
    ["Email", 400, "email_taken", [], "An account with this email already exists."],
    ["Email", 422, "validation_failed", [["/email", "invalid_format"]], "Enter a valid email address."],
    ["Password", 422, "validation_failed", [["/password", "too_short"]], "Use at least 12 characters."],
    ["Password", 422, "validation_failed", [["/password", "too_long"]], "Use at most 128 characters."],
    [
      "Password",
      422,
      "validation_failed",
      [["/password", "common_password"]],
      "This password is too common. Choose one that is harder to guess.",
    ],
    ["Password", 422, "validation_failed", [["/password", "unknown"]], "Detail of the server"],
  ] as const)("shows an error at the field %s: %i %s %o", async (label, status, code, errors, text) => {
    const problems = errors.map(([pointer, code]) => ({ pointer, code, detail: "Detail of the server" }));
    rejectOnce("/api/users", status, code, { errors: problems });
    renderForm(<SignUp />);
    await waitFor(() => expect(descriptionOf("Password")).toBe("At least 12 characters."));
    submit("Create account");
    await waitFor(() => expect(descriptionOf(label)).toBe(text));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(label)));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("reports an account that was created, although the sign-in failed", async () => {
    rejectOnce("/api/auth/login", 503, "unavailable");
    renderForm(<SignUp signIn="/sign-in" />);
    submit("Create account");
    expect(await screen.findByText("Your account was created")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Back to sign in" })).toBeTruthy();
  });

  it("reports that sign-up is closed", async () => {
    api.use(http.get(`${base}/api/settings`, () => HttpResponse.json({ ...settings, sign_up: "closed" })));
    renderForm(<SignUp signIn="/sign-in" />);
    expect(await screen.findByText("Sign-up is by invitation only.")).toBeTruthy();
    expect(screen.queryByLabelText("Email")).toBeNull();
    expect(screen.getByRole("link", { name: "Back to sign in" })).toBeTruthy();
    await expectAccessible();
  });

  it("reports that sign-up has been closed since the page was loaded", async () => {
    rejectOnce("/api/users", 403, "sign_up_closed");
    renderForm(<SignUp />);
    submit("Create account");
    expect((await screen.findByRole("alert")).textContent).toBe("Sign-up is by invitation only.");
  });

  it.each([
    [
      "by the settings",
      () =>
        api.use(
          http.get(`${base}/api/settings`, () => HttpResponse.json({ ...settings, require_verified_email: true })),
        ),
    ],
    ["by the sign-in", () => rejectOnce("/api/auth/login", 403, "email_not_verified")],
  ])("asks to verify the email address if it is required %s", async (_name, require) => {
    require();
    renderForm(<SignUp />);
    await waitFor(() => expect(descriptionOf("Password")).toBe("At least 12 characters."));
    submit("Create account");
    const title = await screen.findByRole("heading", { name: "Check your email" });
    expect(document.activeElement).toBe(title);
    expect(screen.getByText(/Open the link we sent to ada@example.com/)).toBeTruthy();
    press("Resend email");
    expect(await screen.findByText("Email sent.")).toBeTruthy();
    await expectAccessible();
  });
});

describe("ForgotPassword", () => {
  it("announces that a link was sent, without revealing whether the account exists", async () => {
    renderForm(<ForgotPassword signIn="/sign-in" />);
    await expectAccessible();
    submit("Send link");
    expect((await screen.findByText(/If an account exists for ada@example.com/)).closest("[role=status]")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Back to sign in" })).toBeTruthy();
    await expectAccessible();
  });

  it("shows when another attempt is allowed", async () => {
    rejectOnce("/api/auth/forgot-password", 429, "too_many_requests", {}, { "Retry-After": "1" });
    renderForm(<ForgotPassword />);
    submit("Send link");
    expect((await screen.findByRole("alert")).textContent).toBe("Too many attempts. Try again in 1 second.");
  });
});

describe("AuthPanel", () => {
  it("switches between the forms and focuses the first field", async () => {
    renderForm(<AuthPanel />);
    expect(document.activeElement).toBe(document.body);
    fireEvent.click(await screen.findByRole("button", { name: "Create one" }));
    expect(screen.getByRole("form", { name: "Create your account" })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText("Email"));
    press("Sign in");
    press("Forgot password?");
    expect(screen.getByRole("form", { name: "Reset your password" })).toBeTruthy();
    press("Back to sign in");
    submit("Sign in");
    expect(await screen.findByText(`Signed in as ${ada.email}`)).toBeTruthy();
  });

  it("has no link to a closed sign-up", async () => {
    const loaded = vi.fn(() => HttpResponse.json({ ...settings, sign_up: "closed" }));
    api.use(http.get(`${base}/api/settings`, loaded));
    renderForm(<AuthPanel />);
    await waitFor(() => expect(loaded).toHaveBeenCalled());
    expect(screen.queryByText("Create one")).toBeNull();
  });
});
