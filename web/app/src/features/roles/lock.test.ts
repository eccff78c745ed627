import { expect, it } from "vitest";
import { lockOf, reachOf } from "./lock";

const support = { name: "support", built_in: false, permissions: ["reports:read", "users:read"] };
const admin = { roles: ["admin"], permissions: ["roles:write", "users:read"] };

it("lets an administrator change every role but their own, whatever other applications have put into it", () => {
  expect(lockOf(support, admin)).toBeUndefined();
  expect(lockOf({ name: "member", built_in: true, permissions: [] }, admin)).toBeUndefined();
  expect(lockOf({ name: "admin", built_in: true, permissions: ["users:read"] }, admin)).toContain("every permission");
  expect(reachOf(admin)("reports:read")).toBe(true);
});

it("says which permission somebody lacks", () => {
  expect(lockOf(support, { roles: [], permissions: ["roles:read"] })).toContain("roles:write");
  expect(lockOf(support, { roles: [], permissions: ["roles:write", "users:read"] })).toContain("reports:read");
  expect(lockOf(support, { roles: [], permissions: ["reports:read", "roles:write", "users:read"] })).toBeUndefined();
});
