import { describe, expect, it } from "vitest";
import { parseUsersSearch, toUserFilters } from "./search";

describe("parseUsersSearch", () => {
  it("accepts valid parameters", () => {
    const search = { q: "ana", status: "disabled", role: "support", sort: "email", create: true } as const;
    expect(parseUsersSearch(search)).toEqual(search);
  });

  it("returns undefined for invalid parameters and defaults, under every key", () => {
    const raw = { q: "  ", status: "gone", role: "No Role", sort: "-created_at", create: "yes", page: 3 };
    expect(parseUsersSearch(raw)).toEqual({});
    expect(Object.keys(parseUsersSearch(raw))).toEqual(["q", "status", "role", "sort", "create"]);
    expect(parseUsersSearch({ q: { a: 1 }, role: ["admin"], sort: "name" })).toEqual({});
  });
});

describe("toUserFilters", () => {
  it("omits the sort order during a search", () => {
    expect(toUserFilters({ q: "ana", sort: "email", status: "active" })).toEqual({ q: "ana", status: "active" });
    expect(toUserFilters({ sort: "email" })).toEqual({ sort: "email" });
  });

  it("omits parameters of the page", () => {
    expect(toUserFilters({ create: true })).toEqual({});
  });
});
