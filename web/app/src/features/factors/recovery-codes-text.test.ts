import { expect, it } from "vitest";
import { toText } from "./recovery-codes-text";

it("names the account and the server, and has one code on each line", () => {
  const text = toText(["abcd-efgh", "jkmn-pqrs"], "ana@example.com", "https://accounts.example.com");
  expect(text).toContain("Account: ana@example.com\nServer: https://accounts.example.com\n");
  expect(text.endsWith("\n\nabcd-efgh\njkmn-pqrs\n")).toBe(true);
});
