import type { Permission } from "@vestibule/client";
import { describe, expect, it } from "vitest";
import { otherPermissions, permissionNameProblem, tableOf } from "./permissions";

function permission(name: string, built_in = true): Permission {
  return { name, built_in, description: null };
}

const known = ["audit:read", "roles:assign", "roles:read", "users:create", "users:read"].map((name) =>
  permission(name),
);

describe("the table of built-in permissions", () => {
  it("has the usual resources and actions first, in their usual order", () => {
    const table = tableOf(known);
    expect(table.actions).toEqual(["read", "create", "assign"]);
    expect(table.rows.map((row) => row.resource)).toEqual(["users", "roles", "audit"]);
  });

  it("has a permission in the cell of its resource and action, and nothing where there is none", () => {
    const names = tableOf(known).rows.map((row) => row.cells.map((cell) => cell?.name));
    expect(names).toEqual([
      ["users:read", "users:create", undefined],
      ["roles:read", undefined, "roles:assign"],
      ["audit:read", undefined, undefined],
    ]);
  });

  it("finds a place for what a later server brings, and leaves out what is not built in", () => {
    const table = tableOf([...known, permission("keys:rotate"), permission("reports:publish", false)]);
    expect(table.actions).toEqual(["read", "create", "assign", "rotate"]);
    expect(table.rows.at(-1)?.resource).toBe("keys");
  });
});

describe("the permissions of other applications", () => {
  it("are those that are known and those that the role got just now, each once, by resource", () => {
    const permissions = [...known, permission("reports:read", false), permission("invoices:pay", false)];
    expect(otherPermissions(permissions, ["reports:read", "reports:publish", "users:read"])).toEqual([
      { resource: "invoices", names: ["invoices:pay"] },
      { resource: "reports", names: ["reports:publish", "reports:read"] },
    ]);
  });
});

describe("the name of a permission", () => {
  it.each(["reports:read", "a:b", "build-jobs:re_run2", `${"a".repeat(40)}:${"b".repeat(40)}`])("may be %s", (name) => {
    expect(permissionNameProblem(name)).toBeUndefined();
  });

  it.each(["", "reports", "Reports:read", "reports:", ":read", "1a:b", "a:b:c", `${"a".repeat(41)}:b`])(
    "may not be %j",
    (name) => {
      expect(permissionNameProblem(name)).toBeTypeOf("string");
    },
  );
});
