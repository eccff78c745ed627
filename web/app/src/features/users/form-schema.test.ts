import type { User } from "@vestibule/client";
import { describe, expect, it } from "vitest";
import { diffRoles, toUpdateRequest, toValues } from "./form-schema";

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

describe("toUpdateRequest", () => {
  it("contains only the changed fields", () => {
    expect(toUpdateRequest(ana, toValues(ana))).toEqual({});
    expect(toUpdateRequest(ana, { ...toValues(ana), display_name: "Ana B" })).toEqual({ display_name: "Ana B" });
    expect(toUpdateRequest(ana, { ...toValues(ana), email_verified: false })).toEqual({ email_verified: false });
  });

  it("sends null for an emptied name", () => {
    expect(toUpdateRequest(ana, { ...toValues(ana), display_name: "" })).toEqual({ display_name: null });
    const unnamed = { ...ana, display_name: null };
    expect(toUpdateRequest(unnamed, toValues(unnamed))).toEqual({});
  });

  it("always sends email_verified with a new email", () => {
    const email = "ana@example.org";
    expect(toUpdateRequest(ana, { ...toValues(ana), email })).toEqual({ email, email_verified: true });
    expect(toUpdateRequest(ana, { ...toValues(ana), email, email_verified: false })).toEqual({
      email,
      email_verified: false,
    });
  });
});

it("diffRoles returns added and removed roles", () => {
  expect(diffRoles(["admin", "member"], ["member", "support"])).toEqual({ added: ["support"], removed: ["admin"] });
});
