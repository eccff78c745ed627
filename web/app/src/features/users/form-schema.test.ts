import type { User } from "@vestibule/client";
import { describe, expect, it } from "vitest";
import { diffRoles, profileSchema, toUpdateRequest, toValues } from "./form-schema";

const ana: User = {
  id: "01933b1e-7c00-7000-8000-000000000001",
  email: "ana@example.com",
  display_name: "Ana",
  status: "active",
  email_verified: true,
  roles: ["member"],
  created_at: "2026-11-24T09:00:00.000000Z",
  updated_at: "2026-11-24T09:00:00.000000Z",
};

const values = { email: ana.email, display_name: "Ana", email_verified: true };

it("converts a user to form values and back", () => {
  expect(toValues({ ...ana, display_name: null })).toEqual({ ...values, display_name: "" });
  expect(profileSchema.safeParse({ ...values, display_name: " " }).data).toEqual({ ...values, display_name: null });
});

describe("toUpdateRequest", () => {
  it("contains the changes", () => {
    expect(toUpdateRequest({ display_name: "Ana B" }, values)).toEqual({ display_name: "Ana B" });
    expect(toUpdateRequest({ email_verified: false }, { ...values, email_verified: false })).toEqual({
      email_verified: false,
    });
  });

  it("always contains email_verified with a new email", () => {
    const email = "ana@example.org";
    expect(toUpdateRequest({ email }, { ...values, email })).toEqual({ email, email_verified: true });
  });
});

it("diffRoles returns added and removed roles", () => {
  expect(diffRoles(["admin", "member"], ["member", "support"])).toEqual({ added: ["support"], removed: ["admin"] });
});
