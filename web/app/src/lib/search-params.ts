import { isDate } from "./dates";
import { isUuid } from "./uuid";

/** Parses the value of a search parameter. Returns `undefined` if it is invalid or a default. */
export type ParamParser<Value> = (value: unknown) => Value | undefined;

/** The search parameters that parsers return. */
type SearchOf<Parsers> = {
  [Name in keyof Parsers]?: Parsers[Name] extends ParamParser<infer Value> ? Value | undefined : never;
};

/**
 * Creates a parser of the search parameters of a page. Returns every key, because the router keeps the unvalidated value
 * of a missing one.
 */
export function searchParser<Parsers extends Record<string, ParamParser<unknown>>>(parsers: Parsers) {
  return (raw: Record<string, unknown>): SearchOf<Parsers> => {
    const parsed = Object.entries(parsers).map(([name, parse]) => [name, parse(raw[name])]);
    return Object.fromEntries(parsed) as SearchOf<Parsers>;
  };
}

/** The server's limit for the text of a search, in characters. */
const MAX_TEXT_LENGTH = 100;

/** Text. The router parses `?q=42` as a number and `?q=true` as a boolean. */
export const textParam: ParamParser<string> = (value) => {
  if (!["string", "number", "boolean"].includes(typeof value)) return undefined;
  const text = [...String(value).trim()].slice(0, MAX_TEXT_LENGTH).join("").trim();
  return text || undefined;
};

/** One of the values that have a label. */
export function optionParam<Value extends string>(labels: Readonly<Record<Value, string>>): ParamParser<Value> {
  return (value) => (typeof value === "string" && Object.hasOwn(labels, value) ? (value as Value) : undefined);
}

/** A sort order. The first one is the default, which is omitted. */
export function sortParam<Sort extends string>(labels: Readonly<Record<Sort, string>>): ParamParser<Sort> {
  const parse = optionParam(labels);
  const [defaultSort] = Object.keys(labels);
  return (value) => (value === defaultSort ? undefined : parse(value));
}

/** A boolean filter. */
export const booleanParam: ParamParser<boolean> = (value) => (typeof value === "boolean" ? value : undefined);

/** A parameter that is either set or missing, such as `create`, which opens a dialog. */
export const flagParam: ParamParser<true> = (value) => value === true || undefined;

/** The ID of a resource. */
export const idParam: ParamParser<string> = (value) =>
  typeof value === "string" && isUuid(value) ? value.toLowerCase() : undefined;

/** A day, such as `2026-11-24`. */
export const dateParam: ParamParser<string> = (value) =>
  typeof value === "string" && isDate(value) ? value : undefined;

/** The search parameters of a list that are no filters. */
const notFilters = ["sort", "create"];

/** Checks whether a search or filter is set. */
export function hasFilters(search: object): boolean {
  return Object.entries(search).some(([name, value]) => value !== undefined && !notFilters.includes(name));
}

/** Returns a change that clears the search and the filters. */
export function clearFilters<Search extends object>(search: Search): { [Name in keyof Search]?: undefined } {
  const names = Object.keys(search).filter((name) => !notFilters.includes(name));
  return Object.fromEntries(names.map((name) => [name, undefined])) as { [Name in keyof Search]?: undefined };
}
