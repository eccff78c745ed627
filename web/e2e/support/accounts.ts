/** The administrator of every test server. */
export const ADMIN = "ada.admin@example.com";

/** A user with the member role, which has no permissions. Created by the tests that need it. */
export const MEMBER = "grace@example.com";

/** The password of all users. */
export const PASSWORD = "correct horse battery";
