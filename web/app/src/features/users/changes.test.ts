import type { User } from "@vestibule/client";
import { describe, expect, it } from "vitest";
import { changeOf, difference, valuesOf } from "./changes";

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

describe("what is sent of a profile", () => {
  it("is what differs", () => {
    expect(changeOf(ana, valuesOf(ana))).toEqual({});
    expect(changeOf(ana, { ...valuesOf(ana), display_name: "Ana B" })).toEqual({ display_name: "Ana B" });
    expect(changeOf(ana, { ...valuesOf(ana), email_verified: false })).toEqual({ email_verified: false });
  });

  it("takes an emptied name away", () => {
    expect(changeOf(ana, { ...valuesOf(ana), display_name: "" })).toEqual({ display_name: null });
    const nameless = { ...ana, display_name: null };
    expect(changeOf(nameless, valuesOf(nameless))).toEqual({});
  });

  it("says of a new address whether it is verified, also when that stays as it was", () => {
    const email = "ana@example.org";
    expect(changeOf(ana, { ...valuesOf(ana), email })).toEqual({ email, email_verified: true });
    expect(changeOf(ana, { ...valuesOf(ana), email, email_verified: false })).toEqual({ email, email_verified: false });
  });
});

it("tells the roles that a choice gives from those that it takes", () => {
  expect(difference(["admin", "member"], ["member", "support"])).toEqual({ given: ["support"], taken: ["admin"] });
});
