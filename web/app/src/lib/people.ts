/** What to call somebody: the name, or else the address. */
export function displayNameOf(person: { display_name: string | null; email: string }): string {
  return person.display_name ?? person.email;
}
