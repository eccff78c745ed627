import type { Permission } from "@vestibule/client";
import { describe, expect, it } from "vitest";
import { groupCustomPermissions, toPermissionTable, validatePermissionName } from "./permissions";

function permission(name: string, built_in = true): Permission {
  return { name, built_in, description: null };
}

const known = ["audit:read", "roles:assign", "roles:read", "users:create", "users:read"].map((name) =>
  permission(name),
);

describe("toPermissionTable", () => {
  it("puts common resources and actions first", () => {
    const table = toPermissionTable(known);
    expect(table.actions).toEqual(["read", "create", "assign"]);
    expect(table.rows.map((row) => row.resource)).toEqual(["users", "roles", "audit"]);
  });

  it("has one cell for each resource and action", () => {
    const names = toPermissionTable(known).rows.map((row) => row.cells.map((cell) => cell?.name));
    expect(names).toEqual([
      ["users:read", "users:create", undefined],
      ["roles:read", undefined, "roles:assign"],
      ["audit:read", undefined, undefined],
    ]);
  });

  it("appends unknown resources and actions, and omits custom permissions", () => {
    const table = toPermissionTable([...known, permission("keys:rotate"), permission("reports:publish", false)]);
    expect(table.actions).toEqual(["read", "create", "assign", "rotate"]);
    expect(table.rows.at(-1)?.resource).toBe("keys");
  });
});

describe("groupCustomPermissions", () => {
  it("groups known permissions and those of the role by resource, without duplicates", () => {
    const permissions = [...known, permission("reports:read", false), permission("invoices:pay", false)];
    expect(groupCustomPermissions(permissions, ["reports:read", "reports:publish", "users:read"])).toEqual([
      { resource: "invoices", names: ["invoices:pay"] },
      { resource: "reports", names: ["reports:publish", "reports:read"] },
    ]);
  });
});

describe("validatePermissionName", () => {
  it.each(["reports:read", "a:b", "build-jobs:re_run2", `${"a".repeat(40)}:${"b".repeat(40)}`])(
    "accepts %s",
    (name) => {
      expect(validatePermissionName(name)).toBeUndefined();
    },
  );

  it.each(["", "reports", "Reports:read", "reports:", ":read", "1a:b", "a:b:c", `${"a".repeat(41)}:b`])(
    "rejects %j",
    (name) => {
      expect(validatePermissionName(name)).toBeTypeOf("string");
    },
  );
});
