// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import type { Factors } from "@vestibule/client";
import { afterEach, expect, it } from "vitest";
import { RequirementNotice } from "./requirement-notice";

afterEach(cleanup);

const none: Factors = {
  password: { set: true, changed_at: null },
  totp: null,
  recovery_codes: null,
  passkeys: [],
  required_by: [],
  rp_id: "localhost",
  user_handle: "AZM7HnwAcACAAAAAAAAAAQ",
};

it("renders nothing if no role requires a second factor", () => {
  const { container } = render(<RequirementNotice factors={none} />);
  expect(container.textContent).toBe("");
});

it("warns until a second factor is set up", () => {
  const required_by = ["admin", "support"];
  render(<RequirementNotice factors={{ ...none, required_by }} />);
  expect(screen.getByText("Your roles admin and support require a second factor")).toBeTruthy();
  expect(screen.getByText(/the permissions of these roles don't apply/)).toBeTruthy();
  cleanup();
  const totp = { confirmed_at: "2026-11-24T09:00:00.000000Z" };
  render(<RequirementNotice factors={{ ...none, required_by: ["admin"], totp }} />);
  expect(screen.getByText("Your role admin requires a second factor. Keep at least one.")).toBeTruthy();
});
