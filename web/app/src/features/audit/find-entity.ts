import { describeError } from "../../lib/errors";
import { client } from "../../lib/session";
import { isUuid } from "../../lib/uuid";
import type { EntityNames } from "./use-entity-names";

/** The ID of an entity, nothing for empty input, or an error message. */
export type EntityResult = { id?: string | undefined; error?: string };

/** Finds a user or role by ID, name or email. Searches users on the server only if `canSearch` is set, which requires users:read. */
export async function findEntity(input: string, names: EntityNames, canSearch: boolean): Promise<EntityResult> {
  if (input === "") return {};
  if (isUuid(input)) return { id: input.toLowerCase() };
  const query = input.toLocaleLowerCase();
  const known = [...names].find(([, name]) => name.toLocaleLowerCase() === query);
  if (known) return { id: known[0] };
  if (!canSearch) return { error: "Enter an ID. Searching by email requires users:read." };

  try {
    const { items } = await client.listUsers({ q: input.slice(0, 100), limit: 2 });
    const exact = items.find(({ email }) => email.toLocaleLowerCase() === query);
    const found = exact ?? (items.length === 1 ? items[0] : undefined);
    if (found) return { id: found.id };
    return {
      error:
        items.length === 0
          ? "No match found. Enter an email, name or ID."
          : "Multiple matches found. Enter the full email.",
    };
  } catch (error) {
    return { error: describeError(error).detail };
  }
}
