import { requiredTexts } from "../../lib/required-texts";

/**
 * What can be said before asking the server, which alone decides: what is missing. Of a sign-in's password
 * nothing more is asked, for rules would tell what was once allowed.
 */
const email = "Enter your email address.";
const newPassword = "Choose a password.";

export const signInSchema = requiredTexts({ email, password: "Enter your password." });

export const signUpSchema = requiredTexts({ email, password: newPassword, display_name: null });

export const setUpSchema = requiredTexts({ email, password: newPassword });

export const linkSchema = requiredTexts({ email });

export const resetSchema = requiredTexts({ new_password: newPassword });

export const verifySchema = requiredTexts({ password: "Enter the account's password." });
