import * as z from "zod/mini";
import { isDate } from "./dates";
import { formatNumber } from "./format";
import { isUuid } from "./uuid";

/*
 * Codecs between the values of the API and those of form controls, which are text. In the schema of a form, each field
 * has one: `z.object({ budget: optional(decimal()) })`. Parsing validates and converts the input; `z.encode(schema, …)`
 * converts a resource to the values of its form. `z.boolean()` needs no codec.
 */

/** Converts between a value of the API and the text of a control. */
export type FieldCodec<Value> = z.ZodMiniType<Value, string>;

class InvalidText {
  constructor(readonly message: string) {}
}

const invalid = (message: string) => new InvalidText(message);

/** Creates a codec that trims the input and rejects it if it is empty. Never rejects a value of the API. */
function codec<Value>(
  parse: (text: string) => Value | InvalidText,
  { format = String, required = "Enter a value." }: { format?(value: Value): string; required?: string } = {},
): FieldCodec<Value> {
  return z.codec(z.string(), z.custom<Value>(), {
    decode(input, payload) {
      const text = input.trim();
      const value = text === "" ? invalid(required) : parse(text);
      if (!(value instanceof InvalidText)) return value;
      payload.issues.push({ code: "custom", message: value.message, input });
      return z.NEVER;
    },
    encode: format,
  });
}

/** Makes a field optional: empty input is `null`. */
export function optional<Value>(field: FieldCodec<Value>): FieldCodec<Value | null> {
  return z.codec(z.string(), z.custom<Value | null>(), {
    decode(input, payload) {
      if (input.trim() === "") return null;
      const parsed = z.safeParse(field, input);
      if (parsed.success) return parsed.data;
      for (const { message } of parsed.error.issues) payload.issues.push({ code: "custom", message, input });
      return z.NEVER;
    },
    encode: (value) => (value === null ? "" : z.encode(field, value)),
  });
}

/** Text. The maximum length is in characters (code points), like on the server. */
export function text({ max = Number.POSITIVE_INFINITY, required }: { max?: number; required?: string } = {}) {
  const parse = (text: string) =>
    [...text].length > max ? invalid(`Use at most ${formatNumber(max)} characters.`) : text;
  return codec<string>(parse, { ...(required && { required }) });
}

/** An integer of 32 bits, or in a smaller range. */
export function int({ min = -(2 ** 31), max = 2 ** 31 - 1 } = {}): FieldCodec<number> {
  return codec((text) => {
    if (!/^[+-]?\d+$/.test(text)) return invalid("Enter a whole number.");
    const value = Number(text);
    if (value < min || value > max) {
      return invalid(`Enter a number from ${formatNumber(min)} to ${formatNumber(max)}.`);
    }
    return value === 0 ? 0 : value;
  });
}

/** An integer of 64 bits, as far as JavaScript represents it exactly. */
export function bigint(): FieldCodec<number> {
  return int({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
}

/** A decimal number with as many digits as the database stores. It stays text, so that it is not rounded. */
export function decimal(): FieldCodec<string> {
  return codec((text) => {
    if (!/^-?\d+(\.\d+)?$/.test(text)) return invalid("Enter a number, such as 12.50.");
    const fits = /^-?0*\d{1,11}(\.\d{1,4}0*)?$/.test(text);
    return fits ? text : invalid("Use at most 11 digits before the point and 4 after it.");
  });
}

/** The labels of `true` and `false`. */
export const yesNoLabels = { true: "Yes", false: "No" };

/** A boolean that may be missing, for a `YesNoField`. For others, use `z.boolean()` and a `CheckboxField`. */
export function yesNo(): FieldCodec<boolean> {
  return codec((text) => (Object.hasOwn(yesNoLabels, text) ? text === "true" : invalid("Select a value.")));
}

/** A day: `2026-11-24`. */
export function date(): FieldCodec<string> {
  return codec((text) => (isDate(text) ? text : invalid("Enter a valid date.")), { required: "Enter a date." });
}

/** A time: UTC on the wire, `2026-11-24T08:30:00.000Z`, and local in the control, `2026-11-24T09:30`. */
export function dateTime(): FieldCodec<string> {
  return codec(
    (text) => {
      const time = new Date(text);
      return Number.isNaN(time.getTime()) ? invalid("Enter a valid date and time.") : time.toISOString();
    },
    { format: toLocalMinutes, required: "Enter a date and time." },
  );
}

/** A UUID. */
export function uuid(): FieldCodec<string> {
  return codec((text) => (isUuid(text) ? text.toLowerCase() : invalid("Enter a valid UUID.")));
}

/** A JSON value. */
export function json(): FieldCodec<unknown> {
  return codec<unknown>(
    (text) => {
      try {
        return JSON.parse(text);
      } catch (error) {
        return invalid(`This is not valid JSON: ${(error as SyntaxError).message}`);
      }
    },
    { format: (value) => JSON.stringify(value, null, 2) },
  );
}

/** One of the values that have a label, for a `SelectField`. */
export function oneOf<Value extends string>(labels: Readonly<Record<Value, string>>): FieldCodec<Value> {
  const required = "Select a value.";
  return codec((text) => (Object.hasOwn(labels, text) ? (text as Value) : invalid(required)), { required });
}

/** The ID of another resource, for a `ReferenceField`. */
export function reference(): FieldCodec<string> {
  return codec((text) => (isUuid(text) ? text.toLowerCase() : invalid("Enter a valid ID.")), {
    required: "Select a value.",
  });
}

/** Returns the values of an empty form. */
export function emptyValues<Schema extends z.ZodMiniObject>(schema: Schema): z.input<Schema> {
  const fields = Object.entries(schema.shape);
  const values = fields.map(([name, field]) => [name, field instanceof z.ZodMiniBoolean ? false : ""]);
  return Object.fromEntries(values) as z.input<Schema>;
}

/** Formats a time for `datetime-local`, which has minutes in the browser's time zone. */
function toLocalMinutes(value: string): string {
  const time = new Date(value);
  const pad = (part: number, length = 2) => String(part).padStart(length, "0");
  const day = [pad(time.getFullYear(), 4), pad(time.getMonth() + 1), pad(time.getDate())].join("-");
  return `${day}T${pad(time.getHours())}:${pad(time.getMinutes())}`;
}
