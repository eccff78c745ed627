import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { auditFiltersOf, isNarrowed, parseAuditSearch } from "./search";

const id = "01933b1e-7c00-7000-8000-000000000001";

describe("the filters of an address", () => {
  it("are read as they were written", () => {
    const search = { actor: id, action: "role.assigned", target: id, from: "2026-11-24", to: "2026-11-25" };
    expect(parseAuditSearch(search)).toEqual(search);
    expect(isNarrowed(parseAuditSearch({ action: "role.assigned" }))).toBe(true);
  });

  it("are without what makes no sense, but name it, so that the router takes nothing over", () => {
    const raw = { actor: "ana", action: "user.sneezed", target: 7, from: "2026-02-30", to: "yesterday", page: 2 };
    const search = parseAuditSearch(raw);
    expect(Object.keys(search)).toEqual(["actor", "action", "target", "from", "to"]);
    expect(isNarrowed(search)).toBe(false);
  });

  it("have ids in lower case, as the server writes them", () => {
    expect(parseAuditSearch({ actor: id.toUpperCase() }).actor).toBe(id);
  });
});

describe("what the server is asked for", () => {
  beforeEach(() => vi.stubEnv("TZ", "Europe/Berlin"));
  afterEach(() => vi.unstubAllEnvs());

  it("is whole days by the local clock, the last one included", () => {
    expect(auditFiltersOf({ from: "2026-11-24", to: "2026-11-24" })).toEqual({
      from: "2026-11-23T23:00:00.000Z",
      to: "2026-11-24T23:00:00.000Z",
    });
  });

  it("is the whole of a day of 25 hours too", () => {
    expect(auditFiltersOf({ from: "2026-10-25", to: "2026-10-25" })).toEqual({
      from: "2026-10-24T22:00:00.000Z",
      to: "2026-10-25T23:00:00.000Z",
    });
  });

  it("has nothing that is not set", () => {
    expect(auditFiltersOf(parseAuditSearch({}))).toEqual({});
  });
});
