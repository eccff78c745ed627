const pattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the text has the form of an identifier of the API. */
export function isUuid(text: string): boolean {
  return pattern.test(text);
}
