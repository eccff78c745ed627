/** What all forms say that ask for the current password. */
export const wrongPassword = {
  "current_password:wrong_password": "This is not your current password.",
};
