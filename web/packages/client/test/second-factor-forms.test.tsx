// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AuthPanel, SignedIn, SignedOut, SignIn, useClient, VestibuleProvider } from "../src/react/index.js";
import { createTestClient } from "../src/testing/index.js";
import { expectAccessible } from "./accessibility.js";
import {
  ada,
  base,
  openTab,
  problemResponse,
  settings,
  signInHandlers,
  startMockApi,
  tokenResponse,
} from "./mock-api.js";
import { assertion, rejection, removePasskeys, requestOptions, stubPasskeys, untilAborted } from "./passkey-browser.js";

const api = startMockApi(...signInHandlers(new Set(["t1", "t2"])));

afterEach(() => {
  cleanup();
  removePasskeys();
});

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const fillIn = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const descriptionOf = (label: string) =>
  document.getElementById(screen.getByLabelText(label).getAttribute("aria-describedby") ?? "")?.textContent;
const expectFocusAt = (label: string) =>
  waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(label)));
const signedIn = () => screen.findByText(`Signed in as ${ada.email}`);

/** Handles a path of the API and records the bodies that it receives. */
function handle(path: string, respond: () => Response) {
  const bodies = vi.fn();
  api.use(
    http.post(`${base}/api/auth${path}`, async ({ request }) => {
      bodies(await request.json());
      return respond();
    }),
  );
  return bodies;
}

/** Serves options with the challenge ids o1, o2, …, and accepts every passkey. */
function servePasskeys() {
  const requested: ReturnType<typeof vi.fn> = handle("/passkeys/options", () =>
    HttpResponse.json({
      challenge_id: `o${requested.mock.calls.length}`,
      public_key: requestOptions,
      expires_in: 300,
    }),
  );
  return { requested, used: handle("/passkeys", () => HttpResponse.json(tokenResponse("t1"))) };
}

function submitPassword() {
  fillIn("Email", ada.email);
  fillIn("Password", ada.password);
  press("Sign in");
}

describe("the second step of the sign-in", () => {
  let onSignedIn: () => void;

  beforeEach(() => {
    onSignedIn = vi.fn();
    handle("/login", () =>
      problemResponse(403, "second_factor_required", {
        challenge: "c1",
        methods: ["totp", "passkey", "recovery_code"],
        expires_in: 300,
      }),
    );
  });

  async function renderSecondStep() {
    render(
      <VestibuleProvider client={openTab()}>
        <SignedIn>{(user) => <p>Signed in as {user.email}</p>}</SignedIn>
        <SignedOut>
          <SignIn onSignedIn={onSignedIn} />
        </SignedOut>
      </VestibuleProvider>,
    );
    await screen.findByLabelText("Email");
    submitPassword();
    await screen.findByRole("form", { name: "Verify it's you" });
  }

  it("asks for a code of the app", async () => {
    const proofs = handle("/second-factor", () => HttpResponse.json(tokenResponse("t1")));
    await renderSecondStep();
    await expectFocusAt("Authentication code");
    expect(screen.getByLabelText("Authentication code").getAttribute("autocomplete")).toBe("one-time-code");
    await expectAccessible();
    press("Verify");
    expect(descriptionOf("Authentication code")).toBe("Enter a code.");
    expect(onSignedIn).not.toHaveBeenCalled();
    fillIn("Authentication code", " 123456 ");
    press("Verify");
    await signedIn();
    expect(proofs).toHaveBeenCalledExactlyOnceWith({
      challenge: "c1",
      method: "totp",
      code: "123456",
      transport: "body",
    });
    expect(onSignedIn).toHaveBeenCalledOnce();
  });

  it("shows a wrong code at the field and allows another attempt", async () => {
    await renderSecondStep();
    handle("/second-factor", () =>
      problemResponse(401, "invalid_credentials", { errors: [{ pointer: "/code", code: "wrong_code", detail: "" }] }),
    );
    fillIn("Authentication code", "000000");
    press("Verify");
    await waitFor(() => expect(descriptionOf("Authentication code")).toContain("incorrect or has expired"));
    expect(screen.queryByRole("alert")).toBeNull();
    await expectAccessible();
    handle("/second-factor", () => HttpResponse.json(tokenResponse("t1")));
    press("Verify");
    await signedIn();
  });

  it("starts again after the challenge has expired", async () => {
    await renderSecondStep();
    handle("/second-factor", () => problemResponse(400, "invalid_token"));
    fillIn("Authentication code", "123456");
    press("Verify");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe("Your sign-in has expired. Enter your password again.");
    expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe(ada.email);
    await expectFocusAt("Password");
    submitPassword();
    await screen.findByLabelText("Authentication code");
  });

  it("shows when another attempt is allowed", async () => {
    await renderSecondStep();
    handle("/second-factor", () => problemResponse(429, "too_many_requests", {}, { "Retry-After": "42" }));
    fillIn("Authentication code", "123456");
    press("Verify");
    expect((await screen.findByRole("alert")).textContent).toBe("Too many attempts. Try again in 42 seconds.");
  });

  it("switches to a recovery code", async () => {
    const proofs = handle("/second-factor", () => HttpResponse.json(tokenResponse("t1")));
    await renderSecondStep();
    press("Use a recovery code");
    await expectFocusAt("Recovery code");
    await expectAccessible();
    fillIn("Recovery code", "abcd-efgh");
    press("Verify");
    await signedIn();
    expect(proofs.mock.lastCall?.[0]).toMatchObject({ method: "recovery_code", code: "abcd-efgh" });
  });

  it("uses a passkey, and reports one that was not used", async () => {
    const { get } = stubPasskeys({ isConditionalMediationAvailable: async () => false });
    get.mockImplementationOnce(rejection("NotAllowedError"));
    const { requested } = servePasskeys();
    const proofs = handle("/second-factor", () => HttpResponse.json(tokenResponse("t1")));
    await renderSecondStep();
    press("Use a passkey");
    press("Use a passkey");
    expect((await screen.findByRole("alert")).textContent).toContain("No passkey was used.");
    await expectAccessible();
    press("Use a passkey");
    await signedIn();
    expect(requested).toHaveBeenCalledWith({ challenge: "c1" });
    expect(proofs).toHaveBeenCalledExactlyOnceWith({
      challenge: "c1",
      method: "passkey",
      credential: assertion,
      transport: "body",
    });
  });

  it("does not offer a passkey where the browser has none", async () => {
    await renderSecondStep();
    expect(screen.queryByText("Use a passkey")).toBeNull();
  });

  it("goes back to the password", async () => {
    await renderSecondStep();
    press("Back to sign in");
    expect(screen.getByLabelText("Password")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("works with the test client", async () => {
    const client = createTestClient({ user: null, secondFactors: ["totp"] });
    render(
      <VestibuleProvider client={client}>
        <SignedIn>{(user) => <p>Signed in as {user.email}</p>}</SignedIn>
        <SignedOut>
          <AuthPanel />
        </SignedOut>
      </VestibuleProvider>,
    );
    submitPassword();
    fireEvent.change(await screen.findByLabelText("Authentication code"), { target: { value: "1" } });
    press("Verify");
    await signedIn();
  });
});

describe("the sign-in with a passkey", () => {
  function renderSignIn() {
    const onSignedIn = vi.fn();
    const client = openTab();
    const { unmount } = render(
      <VestibuleProvider client={client}>
        <SignedIn>{(user) => <p>Signed in as {user.email}</p>}</SignedIn>
        <SignedOut>
          <SignIn onSignedIn={onSignedIn} />
        </SignedOut>
      </VestibuleProvider>,
    );
    return { onSignedIn, unmount };
  }

  it("is offered in the autofill of the email field", async () => {
    const { get } = stubPasskeys();
    const { used } = servePasskeys();
    const { onSignedIn } = renderSignIn();
    expect((await screen.findByLabelText("Email")).getAttribute("autocomplete")).toBe("username webauthn");
    await signedIn();
    expect(get.mock.lastCall?.[0].mediation).toBe("conditional");
    expect(used).toHaveBeenCalledOnce();
    expect(onSignedIn).toHaveBeenCalledOnce();
  });

  it("has a button, which ends the autofill, and restarts it after a failure", async () => {
    const { get } = stubPasskeys();
    const mediations: string[] = [];
    get.mockImplementation(async (call) => {
      mediations.push(call.mediation);
      return call.mediation === "conditional" ? untilAborted(call) : rejection("NotAllowedError")();
    });
    servePasskeys();
    renderSignIn();
    await waitFor(() => expect(mediations).toEqual(["conditional"]));
    await expectAccessible();
    press("Sign in with a passkey");
    expect((await screen.findByRole("alert")).textContent).toContain("No passkey was used.");
    await waitFor(() => expect(mediations).toEqual(["conditional", "optional", "conditional"]));
    get.mockImplementation(async () => ({ toJSON: () => assertion }));
    press("Sign in with a passkey");
    await signedIn();
  });

  it("reports a passkey of the autofill that the server does not know", async () => {
    const { get, signalUnknownCredential } = stubPasskeys();
    get.mockImplementationOnce(async () => ({ toJSON: () => assertion })).mockImplementation(untilAborted);
    servePasskeys();
    handle("/passkeys", () => problemResponse(401, "unknown_passkey"));
    renderSignIn();
    expect((await screen.findByRole("alert")).textContent).toContain("does not belong to an account");
    expect(signalUnknownCredential).toHaveBeenCalledOnce();
    await waitFor(() => expect(get).toHaveBeenCalledTimes(2));
  });

  it("ends the autofill when it is removed", async () => {
    const { get } = stubPasskeys();
    get.mockImplementation(untilAborted);
    servePasskeys();
    const { unmount } = renderSignIn();
    await waitFor(() => expect(get).toHaveBeenCalledOnce());
    unmount();
    expect(get.mock.lastCall?.[0].signal.aborted).toBe(true);
  });

  it.each([
    ["the server has none", () => stubPasskeys(), { passkeys: false }],
    ["the browser has none", () => {}, {}],
  ])("is not offered where %s", async (_name, stub, changes) => {
    stub();
    const loaded = vi.fn(() => HttpResponse.json({ ...settings, ...changes }));
    api.use(http.get(`${base}/api/settings`, loaded));
    renderSignIn();
    await screen.findByLabelText("Email");
    await waitFor(() => expect(loaded).toHaveBeenCalled());
    expect(screen.queryByText("Sign in with a passkey")).toBeNull();
  });
});

describe("the step-up dialog", () => {
  let fresh: boolean;

  beforeEach(() => {
    fresh = false;
    // jsdom has no modal dialogs.
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = function () {
      this.open = false;
    };
    api.use(
      http.delete(`${base}/api/users/me/totp`, () =>
        fresh
          ? new HttpResponse(null, { status: 204 })
          : problemResponse(403, "step_up_required", { methods: ["totp", "passkey", "password"], max_age: 600 }),
      ),
      http.post(`${base}/api/auth/refresh`, () => HttpResponse.json(tokenResponse("t2"))),
    );
  });

  function serveStepUp() {
    return handle("/step-up", () => {
      fresh = true;
      return new HttpResponse(null, { status: 204 });
    });
  }

  /** Renders an app whose button calls an operation that requires a step-up, and presses the button. */
  async function openDialog() {
    const settled = vi.fn();
    const client = openTab();
    function Remove() {
      const { deleteTotp } = useClient();
      const remove = () =>
        deleteTotp().then(
          () => settled("removed"),
          (error) => settled(error.code),
        );
      return (
        <button type="button" onClick={remove}>
          Remove app
        </button>
      );
    }
    await client.signIn(ada);
    render(
      <StrictMode>
        <VestibuleProvider client={client}>
          <Remove />
        </VestibuleProvider>
      </StrictMode>,
    );
    screen.getByRole("button", { name: "Remove app" }).focus();
    press("Remove app");
    const dialog = await screen.findByRole("dialog", { name: "Confirm it's you" });
    return { client, settled, dialog };
  }

  it("asks for a proof and repeats the call", async () => {
    const proofs = serveStepUp();
    const { settled, dialog } = await openDialog();
    expect(within(dialog).getByText("Confirm your identity to continue.")).toBeTruthy();
    await expectFocusAt("Authentication code");
    await expectAccessible();
    fillIn("Authentication code", "123456");
    press("Verify");
    await waitFor(() => expect(settled).toHaveBeenCalledExactlyOnceWith("removed"));
    expect(proofs).toHaveBeenCalledExactlyOnceWith({ method: "totp", code: "123456" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("offers the methods of the problem, and shows a wrong proof", async () => {
    handle("/step-up", () => problemResponse(401, "invalid_credentials"));
    const { settled, dialog } = await openDialog();
    const buttons = within(dialog).getAllByRole("button");
    expect(buttons.map(({ textContent }) => textContent)).toEqual(["Verify", "Use your password", "Cancel"]);
    press("Use your password");
    fillIn("Password", " wrong ");
    press("Verify");
    await waitFor(() => expect(descriptionOf("Password")).toBe("Incorrect password."));
    await expectAccessible();
    const proofs = serveStepUp();
    press("Verify");
    await waitFor(() => expect(settled).toHaveBeenCalledExactlyOnceWith("removed"));
    expect(proofs).toHaveBeenCalledExactlyOnceWith({ password: " wrong " });
  });

  it("uses a passkey", async () => {
    stubPasskeys();
    servePasskeys();
    const proofs = serveStepUp();
    const { settled } = await openDialog();
    press("Use a passkey");
    press("Use a passkey");
    await waitFor(() => expect(settled).toHaveBeenCalledExactlyOnceWith("removed"));
    expect(proofs).toHaveBeenCalledExactlyOnceWith({ challenge_id: "o1", credential: assertion });
  });

  it("lets the call fail if it is cancelled", async () => {
    const { settled } = await openDialog();
    press("Cancel");
    await waitFor(() => expect(settled).toHaveBeenCalledExactlyOnceWith("step_up_required"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("is cancelled with Escape", async () => {
    const { settled, dialog } = await openDialog();
    (dialog as HTMLDialogElement).close();
    fireEvent(dialog, new Event("close"));
    await waitFor(() => expect(settled).toHaveBeenCalledExactlyOnceWith("step_up_required"));
  });

  it("stays open if a close event is late, as after the double effects of StrictMode", async () => {
    const { settled, dialog } = await openDialog();
    fireEvent(dialog, new Event("close"));
    expect(screen.getByRole("dialog")).toBe(dialog);
    expect(settled).not.toHaveBeenCalled();
  });

  it("closes when the user signs out", async () => {
    const { client, settled } = await openDialog();
    await client.session.signOut();
    await waitFor(() => expect(settled).toHaveBeenCalledExactlyOnceWith("step_up_required"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
