import { expect, it } from "vitest";
import {
  booleanParam,
  clearFilters,
  dateParam,
  flagParam,
  hasFilters,
  idParam,
  optionParam,
  searchParser,
  sortParam,
  textParam,
} from "./search-params";

const statuses = { active: "Active", disabled: "Disabled" };
const sorts = { "-created_at": "Newest first", email: "Email, A to Z" };
const id = "01933b1e-7c00-7000-8000-000000000001";

it("accepts valid parameters", () => {
  expect(textParam(" ana ")).toBe("ana");
  expect(optionParam(statuses)("active")).toBe("active");
  expect(sortParam(sorts)("email")).toBe("email");
  expect(booleanParam(false)).toBe(false);
  expect(flagParam(true)).toBe(true);
  expect(idParam(id.toUpperCase())).toBe(id);
  expect(dateParam("2026-11-24")).toBe("2026-11-24");
});

it("returns undefined for invalid parameters", () => {
  for (const value of ["  ", { a: 1 }, ["admin"], undefined, null]) expect(textParam(value)).toBeUndefined();
  expect(optionParam(statuses)("gone")).toBeUndefined();
  expect(optionParam(statuses)("toString")).toBeUndefined();
  expect(sortParam(sorts)("name")).toBeUndefined();
  for (const value of ["yes", "true", 1]) expect(booleanParam(value)).toBeUndefined();
  for (const value of ["yes", false]) expect(flagParam(value)).toBeUndefined();
  for (const value of ["ana", 7]) expect(idParam(value)).toBeUndefined();
  for (const value of ["2026-02-30", "yesterday", 2026]) expect(dateParam(value)).toBeUndefined();
});

it("omits the default sort order", () => {
  expect(sortParam(sorts)("-created_at")).toBeUndefined();
});

it("treats numbers and booleans as text", () => {
  expect(textParam(42)).toBe("42");
  expect(textParam(true)).toBe("true");
});

it("truncates text without splitting characters", () => {
  expect(textParam("😀".repeat(101))).toBe("😀".repeat(100));
});

it("parses every parameter of a page", () => {
  const parse = searchParser({
    q: textParam,
    status: optionParam(statuses),
    sort: sortParam(sorts),
    create: flagParam,
  });
  const search = parse({ q: "ana", status: "gone", page: 3 });
  expect(search).toEqual({ q: "ana" });
  expect(Object.keys(search)).toEqual(["q", "status", "sort", "create"]);
});

it("distinguishes filters from the sort order and the open dialog", () => {
  expect(hasFilters({ q: undefined, sort: "email", create: true })).toBe(false);
  expect(hasFilters({ archived: false })).toBe(true);
  expect(clearFilters({ q: "ana", archived: false, sort: "email", create: true })).toEqual({
    q: undefined,
    archived: undefined,
  });
});
