import { describe, expect, it } from "vitest";
import { safeNextPath } from "./next-path";

describe("safeNextPath", () => {
  it.each(["/account", "/admin/users?q=ana&sort=email#top", "/", "/account/security/"])("accepts %s", (path) => {
    expect(safeNextPath(path)).toBe(path);
  });

  it.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "javascript:alert(1)",
    "evil.example",
    " /account",
    "",
    undefined,
    42,
  ])("rejects %j", (path) => {
    expect(safeNextPath(path)).toBe("/");
  });

  it.each(["/sign-in", "/sign-in?next=/account", "/sign-up"])("rejects the sign-in page %s", (path) => {
    expect(safeNextPath(path)).toBe("/");
  });
});
