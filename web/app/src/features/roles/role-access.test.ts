import { expect, it } from "vitest";
import { canChangeSecondFactorRequirement, grantCheck, readOnlyReason } from "./role-access";

const support = { name: "support", built_in: false, permissions: ["reports:read", "users:read"] };
const admin = { roles: ["admin"], permissions: ["roles:write", "users:read"] };

it("administrators can edit every role except admin", () => {
  expect(readOnlyReason(support, admin)).toBeUndefined();
  expect(readOnlyReason({ name: "member", built_in: true, permissions: [] }, admin)).toBeUndefined();
  expect(readOnlyReason({ name: "admin", built_in: true, permissions: ["users:read"] }, admin)).toContain(
    "every permission",
  );
  expect(grantCheck(admin)("reports:read")).toBe(true);
});

it("the reason names the missing permission", () => {
  expect(readOnlyReason(support, { roles: [], permissions: ["roles:read"] })).toContain("roles:write");
  expect(readOnlyReason(support, { roles: [], permissions: ["roles:write", "users:read"] })).toContain("reports:read");
  expect(
    readOnlyReason(support, { roles: [], permissions: ["reports:read", "roles:write", "users:read"] }),
  ).toBeUndefined();
});

it("the second factor requirement is the only editable part of the admin role", () => {
  const adminRole = { name: "admin", built_in: true, permissions: ["users:read"] };
  expect(canChangeSecondFactorRequirement(adminRole, admin)).toBe(true);
  expect(canChangeSecondFactorRequirement(adminRole, { roles: [], permissions: ["roles:write"] })).toBe(false);
  expect(canChangeSecondFactorRequirement(support, admin)).toBe(true);
  expect(canChangeSecondFactorRequirement(support, { roles: [], permissions: ["roles:read"] })).toBe(false);
});
