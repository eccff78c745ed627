import { User } from "lucide-react";
import { expect, it } from "vitest";
import { filterCommands } from "./commands";

const commands = ["Profile", "Security", "Sign out", "Create user"].map((label) => ({
  id: label,
  label,
  icon: User,
  keywords: label === "Security" ? "password email" : "",
  run() {},
}));
const found = (query: string) => filterCommands(commands, query).map((command) => command.label);

it("matches prefixes of words in any case and order", () => {
  expect(found("us cr")).toEqual(["Create user"]);
  expect(found("S")).toEqual(["Security", "Sign out"]);
});

it("matches keywords", () => {
  expect(found("pass")).toEqual(["Security"]);
});

it("returns everything for an empty query and nothing without a match", () => {
  expect(found("  ")).toHaveLength(4);
  expect(found("out in")).toEqual([]);
});
