import { User } from "lucide-react";
import { expect, it } from "vitest";
import { matching } from "./commands";

const commands = ["Profile", "Security", "Sign out", "Create user"].map((label) => ({
  id: label,
  label,
  icon: User,
  keywords: label === "Security" ? "password email" : "",
  run() {},
}));
const found = (typed: string) => matching(commands, typed).map((command) => command.label);

it("finds by the beginnings of words, in any case and order", () => {
  expect(found("us cr")).toEqual(["Create user"]);
  expect(found("S")).toEqual(["Security", "Sign out"]);
});

it("finds by other words for the same thing", () => {
  expect(found("pass")).toEqual(["Security"]);
});

it("shows everything before anything is typed, and nothing when nothing fits", () => {
  expect(found("  ")).toHaveLength(4);
  expect(found("out in")).toEqual([]);
});
