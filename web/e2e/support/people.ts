/** The administrator that servers start with. */
export const ADMIN = "ada.admin@example.com";

/** Somebody without any permission. */
export const MEMBER = "grace@example.com";

/** The password of everybody. */
export const PASSWORD = "correct horse battery";
