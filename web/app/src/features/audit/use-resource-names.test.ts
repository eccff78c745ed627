import type { AuditEvent } from "@vestibule/client";
import { expect, it, vi } from "vitest";
import { listLookups } from "./use-resource-names";

vi.mock("../../lib/session", () => ({}));
vi.mock("../../lib/use-references", () => ({}));
vi.mock("../../lib/resources", () => ({
  MAX_IDS: 2,
  findResourceKind: (kind: string) => (["user", "role"].includes(kind) ? {} : undefined),
}));

function event(actor: string | null, kind?: string, target = ""): AuditEvent {
  return {
    actor: actor ? { kind: "user", id: actor } : { kind: "anonymous", id: null },
    target: kind ? { kind, id: target } : null,
  } as AuditEvent;
}

it("lists each ID once, by kind", () => {
  const page = [event("u1", "role", "r1"), event("u1", "user", "u2"), event("u2", "role", "r1")];
  expect(listLookups([page], [])).toEqual([
    { kind: "user", ids: ["u1", "u2"] },
    { kind: "role", ids: ["r1"] },
  ]);
});

it("lists the IDs of a page that the pages before it do not have", () => {
  const pages = [[event("u1")], [event("u1", "user", "u3"), event("u2")]];
  expect(listLookups(pages, ["u3"])).toEqual([
    { kind: "user", ids: ["u1"] },
    { kind: "user", ids: ["u2"] },
  ]);
});

it("splits the IDs into chunks that one request accepts", () => {
  const page = [event("u1"), event("u2"), event("u3")];
  expect(listLookups([page], [])).toEqual([
    { kind: "user", ids: ["u1", "u2"] },
    { kind: "user", ids: ["u3"] },
  ]);
});

it("skips actors without an account and targets without a page", () => {
  expect(listLookups([[event(null, "session", "s1"), event(null)]], [])).toEqual([]);
});
