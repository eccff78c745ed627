// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { ProblemError, type ProofMethod } from "@vestibule/client";
import { PasskeyError } from "@vestibule/client/passkeys";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ProofForm } from "./proof-form";

vi.mock("../../lib/session", () => ({ client: {} }));

const prove = vi.fn();
const proveWithPasskey = vi.fn();
const onProved = vi.fn();

beforeEach(() => {
  vi.resetAllMocks();
  vi.stubGlobal("PublicKeyCredential", class {});
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function renderForm(methods: ProofMethod[]) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ProofForm
        methods={methods}
        action="Sign in"
        prove={prove}
        proveWithPasskey={proveWithPasskey}
        onProved={onProved}
      />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const problem = (status: number, code: "invalid_credentials" | "unknown_passkey", pointer?: string) =>
  new ProblemError(new Response(null, { status }), {
    code,
    detail: "Rejected",
    ...(pointer && { errors: [{ code: "wrong_code", detail: "is incorrect", pointer }] }),
  });

it("sends the code of an app without spaces", async () => {
  const user = renderForm(["totp", "recovery_code"]);
  const field = screen.getByLabelText("Code");
  expect(field.getAttribute("autocomplete")).toBe("one-time-code");
  expect(field.getAttribute("inputmode")).toBe("numeric");
  await user.type(field, "123 456");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(prove).toHaveBeenCalledWith({ method: "totp", code: "123456" });
  expect(onProved).toHaveBeenCalledOnce();
});

it("explains an incorrect code", async () => {
  prove.mockRejectedValue(problem(401, "invalid_credentials", "/code"));
  const user = renderForm(["totp"]);
  await user.type(screen.getByLabelText("Code"), "000000{Enter}");
  expect(await screen.findByText(/incorrect or was used already/)).toBeTruthy();
  expect(onProved).not.toHaveBeenCalled();
});

it("explains an incorrect password", async () => {
  prove.mockRejectedValue(problem(401, "invalid_credentials", "/password"));
  const user = renderForm(["password"]);
  await user.type(screen.getByLabelText("Password"), "two words{Enter}");
  expect(prove).toHaveBeenCalledWith({ method: "password", code: "two words" });
  expect(await screen.findByText("The password is incorrect.")).toBeTruthy();
});

it("prefers a passkey and switches to another method", async () => {
  proveWithPasskey.mockRejectedValueOnce(new PasskeyError("cancelled"));
  const user = renderForm(["totp", "passkey", "recovery_code"]);
  await user.click(screen.getByRole("button", { name: "Use passkey" }));
  expect(await screen.findByText("No passkey was used")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Recovery code" }));
  expect(document.activeElement).toBe(screen.getByLabelText("Recovery code"));
  await user.click(screen.getByRole("button", { name: "Passkey" }));
  await user.click(screen.getByRole("button", { name: "Use passkey" }));
  expect(onProved).toHaveBeenCalledOnce();
});

it("explains a passkey that was removed", async () => {
  proveWithPasskey.mockRejectedValue(problem(401, "unknown_passkey"));
  const user = renderForm(["passkey"]);
  await user.click(screen.getByRole("button", { name: "Use passkey" }));
  expect(await screen.findByText("This passkey is not registered here")).toBeTruthy();
});

it("offers no passkey in a browser without passkeys", () => {
  vi.stubGlobal("PublicKeyCredential", undefined);
  renderForm(["totp", "passkey"]);
  expect(screen.getByLabelText("Code")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Passkey" })).toBeNull();
  cleanup();
  renderForm(["passkey"]);
  expect(screen.getByText("This browser doesn't support passkeys")).toBeTruthy();
});
