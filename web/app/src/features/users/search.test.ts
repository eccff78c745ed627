import { describe, expect, it } from "vitest";
import { filtersOf, isNarrowed, parseUsersSearch } from "./search";

describe("the search of an address", () => {
  it("is read as it was written", () => {
    const search = { q: "ana", status: "disabled", role: "support", sort: "email", create: true } as const;
    expect(parseUsersSearch(search)).toEqual(search);
  });

  it("leaves out what makes no sense and what is so anyhow, by name, so that the router takes nothing over", () => {
    const raw = { q: "  ", status: "gone", role: "No Role", sort: "-created_at", create: "yes", page: 3 };
    expect(parseUsersSearch(raw)).toEqual({});
    expect(Object.keys(parseUsersSearch(raw))).toEqual(["q", "status", "role", "sort", "create"]);
    expect(parseUsersSearch({ q: { a: 1 }, role: ["admin"], sort: "name" })).toEqual({});
  });

  it("takes numbers and truths as the words that were typed", () => {
    expect(parseUsersSearch({ q: 42 })).toEqual({ q: "42" });
    expect(parseUsersSearch({ q: true, role: true })).toEqual({ q: "true", role: "true" });
  });

  it("is no longer than the server takes it, and cuts no character in two", () => {
    expect(parseUsersSearch({ q: "😀".repeat(101) }).q).toBe("😀".repeat(100));
  });
});

describe("what the server is asked for", () => {
  it("has no sort while there is a search, which orders by itself", () => {
    expect(filtersOf({ q: "ana", sort: "email", status: "active" })).toEqual({ q: "ana", status: "active" });
    expect(filtersOf({ sort: "email" })).toEqual({ sort: "email" });
  });

  it("does not change with what only the page is about", () => {
    expect(filtersOf({ create: true })).toEqual({});
  });
});

it("knows a narrowed list from one that is only sorted", () => {
  expect(isNarrowed({ sort: "email", create: true })).toBe(false);
  expect(isNarrowed({ role: "admin" })).toBe(true);
});
