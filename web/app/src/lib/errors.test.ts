// @vitest-environment jsdom
import { ProblemError } from "@vestibule/client";
import { PasskeyError } from "@vestibule/client/passkeys";
import { expect, it } from "vitest";
import { describeError, isPasskeyCancelled, MissingPermissionError, requiresSecondFactor } from "./errors";

const problem = (code: "last_credential" | "second_factor_enrolment_required") =>
  new ProblemError(new Response(null, { status: 409 }), { code, detail: "Detail" });

it("describes a permission that is withheld until a second factor is set up", () => {
  const withheld = new MissingPermissionError("users:read", { requiresSecondFactor: true });
  for (const error of [withheld, problem("second_factor_enrolment_required")]) {
    expect(requiresSecondFactor(error)).toBe(true);
    expect(describeError(error).title).toBe("Set up a second factor to continue");
  }
  const missing = new MissingPermissionError("users:read");
  expect(requiresSecondFactor(missing)).toBe(false);
  expect(describeError(missing).detail).toContain("users:read");
});

it("describes why no passkey was used", () => {
  const cancelled = new PasskeyError("cancelled");
  expect(isPasskeyCancelled(cancelled)).toBe(true);
  expect(describeError(cancelled).title).toBe("No passkey was used");
  expect(isPasskeyCancelled(new PasskeyError("exists"))).toBe(false);
  expect(describeError(new PasskeyError("exists")).title).toBe("This device already has a passkey for your account");
  expect(describeError(new PasskeyError("failed"))).toMatchObject({ unexpected: false });
});

it("describes a factor that cannot be removed", () => {
  expect(describeError(problem("last_credential")).title).toBe("At least one way to sign in is required");
});
