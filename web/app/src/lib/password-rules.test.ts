import { expect, it } from "vitest";
import { passwordLength, passwordRules } from "./password-rules";

const policy = { min_length: 8, max_length: 128 };
const unmet = (password: string, email?: string) =>
  passwordRules(password, email, policy)
    .filter((rule) => !rule.met)
    .map((rule) => rule.text);

it("counts code points of the composed form, as the server does", () => {
  expect(passwordLength("𝒳".repeat(8))).toBe(8);
  expect(passwordLength("e\u0301".repeat(7))).toBe(7);
});

it("asks for the least length that the server's settings name", () => {
  expect(unmet("seven77")).toEqual(["At least 8 characters"]);
  expect(unmet("eight888")).toEqual([]);
});

it("speaks of the greatest length only when it is passed", () => {
  expect(unmet("a".repeat(128))).toEqual([]);
  expect(unmet("a".repeat(129))).toEqual(["At most 128 characters"]);
});

it("refuses the email address in any case, and nothing typed is no success", () => {
  expect(unmet("Ada@Example.com", "ada@example.com")).toEqual(["Not your email address"]);
  expect(unmet("", "ada@example.com")).toEqual(["At least 8 characters", "Not your email address"]);
});
