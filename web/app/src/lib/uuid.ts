const pattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Checks whether the text is a UUID, the format of every ID in the API. */
export function isUuid(text: string): boolean {
  return pattern.test(text);
}
