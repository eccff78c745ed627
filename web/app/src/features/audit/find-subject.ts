import { describeError } from "../../lib/problem";
import { client } from "../../lib/session";
import { isUuid } from "../../lib/uuid";
import type { Names } from "./use-names";

/** The id of what was typed, nothing for an empty text, or why there is none. */
export type FoundSubject = { id?: string | undefined; problem?: string };

/** Finds the user or role that somebody means by an id, a name or an address. */
export async function findSubject(typed: string, names: Names, maySearch: boolean): Promise<FoundSubject> {
  if (typed === "") return {};
  if (isUuid(typed)) return { id: typed.toLowerCase() };
  const wanted = typed.toLocaleLowerCase();
  const known = [...names].find(([, name]) => name.toLocaleLowerCase() === wanted);
  if (known) return { id: known[0] };
  if (!maySearch) return { problem: "Enter an ID. To search by address you need users:read." };

  try {
    const { items } = await client.listUsers({ q: typed.slice(0, 100), limit: 2 });
    const exact = items.find(({ email }) => email.toLocaleLowerCase() === wanted);
    const found = exact ?? (items.length === 1 ? items[0] : undefined);
    if (found) return { id: found.id };
    return {
      problem:
        items.length === 0
          ? "Nobody found. Type an address, a name or an ID."
          : "Several match. Type the whole address.",
    };
  } catch (error) {
    return { problem: describeError(error).detail };
  }
}
