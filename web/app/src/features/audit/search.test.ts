// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hasFilters } from "../../lib/search-params";
import { parseAuditSearch, toAuditFilters } from "./search";

const id = "01933b1e-7c00-7000-8000-000000000001";

describe("parseAuditSearch", () => {
  it("accepts valid parameters", () => {
    const search = { actor: id, action: "role.assigned", target: id, from: "2026-11-24", to: "2026-11-25" };
    expect(parseAuditSearch(search)).toEqual(search);
    expect(hasFilters(parseAuditSearch({ action: "role.assigned" }))).toBe(true);
  });

  it("returns undefined for invalid parameters, under every key", () => {
    const raw = { actor: "ana", action: "user.sneezed", target: 7, from: "2026-02-30", to: "yesterday", page: 2 };
    const search = parseAuditSearch(raw);
    expect(Object.keys(search)).toEqual(["actor", "action", "target", "from", "to"]);
    expect(hasFilters(search)).toBe(false);
  });
});

describe("toAuditFilters", () => {
  beforeEach(() => vi.stubEnv("TZ", "Europe/Berlin"));
  afterEach(() => vi.unstubAllEnvs());

  it("covers whole days in local time, including the last one", () => {
    expect(toAuditFilters({ from: "2026-11-24", to: "2026-11-24" })).toEqual({
      from: "2026-11-23T23:00:00.000Z",
      to: "2026-11-24T23:00:00.000Z",
    });
  });

  it("covers a day of 25 hours", () => {
    expect(toAuditFilters({ from: "2026-10-25", to: "2026-10-25" })).toEqual({
      from: "2026-10-24T22:00:00.000Z",
      to: "2026-10-25T23:00:00.000Z",
    });
  });

  it("omits unset parameters", () => {
    expect(toAuditFilters(parseAuditSearch({}))).toEqual({});
  });
});
