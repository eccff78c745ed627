/** Somebody opened a page that they may not see; no call was made. */
export class MissingPermission extends Error {
  readonly permission: string;

  constructor(permission: string) {
    super(`The permission ${permission} is missing.`);
    this.permission = permission;
  }
}
