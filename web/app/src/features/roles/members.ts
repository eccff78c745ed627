const number = new Intl.NumberFormat();

/** "1 user", "12,000 users". */
export function formatUsers(users: number): string {
  return users === 1 ? "1 user" : `${number.format(users)} users`;
}
