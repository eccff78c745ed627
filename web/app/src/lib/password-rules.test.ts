import { expect, it } from "vitest";
import { passwordLength, passwordRules } from "./password-rules";

const policy = { min_length: 8, max_length: 128 };
const unmet = (password: string, email?: string) =>
  passwordRules(password, email, policy)
    .filter((rule) => !rule.met)
    .map((rule) => rule.text);

it("counts code points of the NFC form", () => {
  expect(passwordLength("𝒳".repeat(8))).toBe(8);
  expect(passwordLength("e\u0301".repeat(7))).toBe(7);
});

it("requires the minimum length of the policy", () => {
  expect(unmet("seven77")).toEqual(["At least 8 characters"]);
  expect(unmet("eight888")).toEqual([]);
});

it("shows the maximum length only if exceeded", () => {
  expect(unmet("a".repeat(128))).toEqual([]);
  expect(unmet("a".repeat(129))).toEqual(["At most 128 characters"]);
});

it("rejects the email address in any case, and an empty password", () => {
  expect(unmet("Ada@Example.com", "ada@example.com")).toEqual(["Not your email address"]);
  expect(unmet("", "ada@example.com")).toEqual(["At least 8 characters", "Not your email address"]);
});
