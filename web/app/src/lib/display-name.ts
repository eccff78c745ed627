/** Returns the name that identifies a user in lists: the display name, or the email address if there is none. */
export function getDisplayName(user: { display_name: string | null; email: string }): string {
  return user.display_name ?? user.email;
}

/** Returns up to two initials of a display name or email address. */
export function getInitials(name: string): string {
  const words = (name.split("@")[0] ?? "").split(/[\s._+-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    letters
      .map((word) => [...(word ?? "")][0] ?? "")
      .join("")
      .toLocaleUpperCase() || "?"
  );
}
