import { describe, expect, it } from "vitest";
import { changesBetween, draftOf, isUnchanged, rebase, requestOf, sentenceOf, summaryOf } from "./draft";

const support = draftOf({ name: "support", description: null, permissions: ["sessions:revoke", "users:read"] });
const edited = {
  ...support,
  description: " Helps people ",
  permissions: new Set(["users:read", "users:write", "audit:read"]),
};

describe("the changes of an edit", () => {
  it("are counted and named", () => {
    const changes = changesBetween(support, edited);
    expect(changes).toEqual({
      added: ["audit:read", "users:write"],
      removed: ["sessions:revoke"],
      name: false,
      description: true,
    });
    expect(summaryOf(changes)).toBe("+2 −1 · description");
    expect(sentenceOf(changes)).toBe("Not saved: 2 permissions added, 1 permission removed, description changed");
  });

  it("are none when all was put back, or when only blanks were typed", () => {
    const back = { ...support, description: "  ", permissions: new Set(["users:read", "sessions:revoke"]) };
    expect(isUnchanged(changesBetween(support, back))).toBe(true);
    expect(isUnchanged(changesBetween(support, edited))).toBe(false);
  });

  it("are all that is sent", () => {
    expect(requestOf(edited, changesBetween(support, edited))).toEqual({
      description: "Helps people",
      permissions: ["audit:read", "users:read", "users:write"],
    });
    const renamed = { ...support, name: "help-desk" };
    expect(requestOf(renamed, changesBetween(support, renamed))).toEqual({ name: "help-desk" });
  });

  it("take a description away with null", () => {
    const described = { ...support, description: "Helps people" };
    expect(requestOf(support, changesBetween(described, support))).toEqual({ description: null });
  });
});

it("makes the same edit to what somebody else has saved meanwhile", () => {
  const latest = draftOf({
    name: "help-desk",
    description: "Somebody else's words",
    permissions: ["roles:read", "sessions:revoke", "users:read", "users:write"],
  });
  const rebased = rebase(support, edited, latest);
  expect(rebased.name).toBe("help-desk");
  expect(rebased.description).toBe(edited.description);
  expect([...rebased.permissions].toSorted()).toEqual(["audit:read", "roles:read", "users:read", "users:write"]);
  expect(summaryOf(changesBetween(latest, rebased))).toBe("+1 −1 · description");
});
