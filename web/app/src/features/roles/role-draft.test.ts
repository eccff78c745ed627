import { describe, expect, it } from "vitest";
import {
  describeChanges,
  diffDrafts,
  isUnchanged,
  reapply,
  summarizeChanges,
  toDraft,
  toUpdateRequest,
} from "./role-draft";

const support = toDraft({
  name: "support",
  description: null,
  permissions: ["sessions:revoke", "users:read"],
  requires_second_factor: false,
});
const edited = {
  ...support,
  description: " Helps people ",
  permissions: new Set(["users:read", "users:write", "audit:read"]),
};

describe("diffDrafts", () => {
  it("returns added and removed permissions and changed fields", () => {
    const changes = diffDrafts(support, edited);
    expect(changes).toEqual({
      added: ["audit:read", "users:write"],
      removed: ["sessions:revoke"],
      name: false,
      description: true,
      requiresSecondFactor: false,
    });
    expect(summarizeChanges(changes)).toBe("+2 −1 · description");
    expect(describeChanges(changes)).toBe(
      "Unsaved changes: 2 permissions added, 1 permission removed, description changed",
    );
  });

  it("ignores reverted changes and whitespace", () => {
    const back = { ...support, description: "  ", permissions: new Set(["users:read", "sessions:revoke"]) };
    expect(isUnchanged(diffDrafts(support, back))).toBe(true);
    expect(isUnchanged(diffDrafts(support, edited))).toBe(false);
  });

  it("is converted to a request with only the changed fields", () => {
    expect(toUpdateRequest(edited, diffDrafts(support, edited))).toEqual({
      description: "Helps people",
      permissions: ["audit:read", "users:read", "users:write"],
    });
    const renamed = { ...support, name: "help-desk" };
    expect(toUpdateRequest(renamed, diffDrafts(support, renamed))).toEqual({ name: "help-desk" });
  });

  it("includes the second factor requirement", () => {
    const required = { ...support, requiresSecondFactor: true };
    const changes = diffDrafts(support, required);
    expect(isUnchanged(changes)).toBe(false);
    expect(toUpdateRequest(required, changes)).toEqual({ requires_second_factor: true });
    expect(summarizeChanges(changes)).toBe("second factor");
    expect(describeChanges(changes)).toBe("Unsaved changes: second factor requirement changed");
    expect(reapply(support, required, { ...support, name: "help-desk" })).toMatchObject({
      name: "help-desk",
      requiresSecondFactor: true,
    });
  });

  it("is converted to null for an emptied description", () => {
    const described = { ...support, description: "Helps people" };
    expect(toUpdateRequest(support, diffDrafts(described, support))).toEqual({ description: null });
  });
});

it("reapply applies the changes to a newer version", () => {
  const latest = toDraft({
    name: "help-desk",
    description: "Changed by someone else",
    permissions: ["roles:read", "sessions:revoke", "users:read", "users:write"],
    requires_second_factor: false,
  });
  const rebased = reapply(support, edited, latest);
  expect(rebased.name).toBe("help-desk");
  expect(rebased.description).toBe(edited.description);
  expect([...rebased.permissions].toSorted()).toEqual(["audit:read", "roles:read", "users:read", "users:write"]);
  expect(summarizeChanges(diffDrafts(latest, rebased))).toBe("+1 −1 · description");
});
