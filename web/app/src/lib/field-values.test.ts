import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import {
  bigint,
  date,
  dateTime,
  decimal,
  emptyValues,
  type FieldCodec,
  int,
  json,
  oneOf,
  optional,
  reference,
  text,
  uuid,
  yesNo,
} from "./field-values";

const id = "01933b1e-7c00-7000-8000-000000000001";

/** Returns the value of the API for an input, or the error message. */
function parse<Value>(field: FieldCodec<Value>, input: string) {
  const parsed = field.safeParse(input);
  return parsed.success ? parsed.data : { error: parsed.error.issues[0]?.message };
}

beforeEach(() => vi.stubEnv("TZ", "Europe/Berlin"));
afterEach(() => vi.unstubAllEnvs());

it.each<[string, FieldCodec<unknown>, input: string, value: unknown]>([
  ["text", text(), " Apollo ", "Apollo"],
  ["text of characters outside the BMP", text({ max: 2 }), "😀😀", "😀😀"],
  ["int", int(), " -12 ", -12],
  ["int with a sign", int(), "+7", 7],
  ["negative zero", int(), "-0", 0],
  ["bigint", bigint(), "9007199254740991", 9007199254740991],
  ["decimal", decimal(), "12.50", "12.50"],
  ["largest decimal", decimal(), "-099999999999.99990", "-099999999999.99990"],
  ["yes", yesNo(), "true", true],
  ["no", yesNo(), "false", false],
  ["date", date(), "2026-11-24", "2026-11-24"],
  ["datetime", dateTime(), "2026-11-24T09:30", "2026-11-24T08:30:00.000Z"],
  ["datetime in summer", dateTime(), "2026-07-24T09:30", "2026-07-24T07:30:00.000Z"],
  ["uuid", uuid(), id.toUpperCase(), id],
  ["json", json(), '{"a": [1, null]}', { a: [1, null] }],
  ["enum", oneOf({ draft: "Draft", done: "Done" }), "done", "done"],
  ["reference", reference(), id, id],
  ["optional", optional(int()), "5", 5],
  ["optional, empty", optional(int()), "  ", null],
])("parses %s", (_name, field, input, value) => {
  expect(parse(field, input)).toEqual(value);
});

it.each<[string, FieldCodec<unknown>, input: string, error: string | RegExp]>([
  ["missing text", text({ required: "Enter a name." }), " ", "Enter a name."],
  ["long text", text({ max: 2 }), "abc", "Use at most 2 characters."],
  ["int", int(), "1.5", "Enter a whole number."],
  ["missing int", int(), "", "Enter a value."],
  ["large int", int(), "2147483648", "Enter a number from -2,147,483,648 to 2,147,483,647."],
  ["small int", int({ min: 1, max: 5 }), "0", "Enter a number from 1 to 5."],
  ["inexact bigint", bigint(), "9007199254740993", /^Enter a number from/],
  ["decimal", decimal(), "12,50", "Enter a number, such as 12.50."],
  ["large decimal", decimal(), "100000000000", "Use at most 11 digits before the point and 4 after it."],
  ["precise decimal", decimal(), "0.00001", "Use at most 11 digits before the point and 4 after it."],
  ["yes or no", yesNo(), "maybe", "Select a value."],
  ["date", date(), "2026-02-30", "Enter a valid date."],
  ["datetime", dateTime(), "tomorrow", "Enter a valid date and time."],
  ["uuid", uuid(), "42", "Enter a valid UUID."],
  ["json", json(), "{", /^This is not valid JSON: /],
  ["enum", oneOf({ draft: "Draft" }), "gone", "Select a value."],
  ["missing reference", reference(), "", "Select a value."],
  ["reference", reference(), "ana", "Enter a valid ID."],
  ["optional int", optional(int()), "x", "Enter a whole number."],
])("rejects invalid input: %s", (_name, field, input, error) => {
  expect(parse(field, input)).toEqual({ error: expect.stringMatching(error) });
});

describe("encode", () => {
  const schema = z.object({
    priority: int(),
    budget: optional(decimal()),
    starts_at: optional(dateTime()),
    settings: optional(json()),
    state: oneOf({ draft: "Draft" }),
    archived: z.boolean(),
  });

  it("converts a resource to form values", () => {
    const project = {
      id,
      priority: 3,
      budget: "12.50",
      starts_at: "2026-11-24T08:30:12.123456Z",
      settings: { a: 1 },
      state: "draft",
      archived: true,
    } as const;
    expect(z.encode(schema, project)).toEqual({
      priority: "3",
      budget: "12.50",
      starts_at: "2026-11-24T09:30",
      settings: '{\n  "a": 1\n}',
      state: "draft",
      archived: true,
    });
  });

  it("has a value for each field of an empty form", () => {
    const empty = { priority: "", budget: "", starts_at: "", settings: "", state: "", archived: false };
    expect(emptyValues(schema)).toEqual(empty);
  });

  it("converts null to empty text and keeps values of a newer server", () => {
    const state = "paused" as "draft";
    const project = { priority: 2 ** 40, budget: null, starts_at: null, settings: null, state, archived: false };
    expect(z.encode(schema, project)).toEqual({
      priority: "1099511627776",
      budget: "",
      starts_at: "",
      settings: "",
      state: "paused",
      archived: false,
    });
  });
});
