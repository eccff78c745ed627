// Generated from docs/openapi.json by `npm run generate`. Do not edit.

/** The route of each operation. `public`: no token; `paged`: a paginated list; `creates`: sends an idempotency key. */
export const routes = {
  cancelEmailChange: {"method":"DELETE","path":"/api/users/me/email"},
  changePassword: {"method":"PUT","path":"/api/users/me/password"},
  completeSetup: {"method":"POST","path":"/api/setup","public":true},
  confirmEmailChange: {"method":"POST","path":"/api/auth/confirm-email-change","public":true},
  createRole: {"method":"POST","path":"/api/roles","creates":true},
  createUser: {"method":"POST","path":"/api/users","creates":true},
  deleteCurrentUser: {"method":"POST","path":"/api/users/me/delete"},
  deleteOtherSessions: {"method":"DELETE","path":"/api/users/me/sessions"},
  deleteOwnSession: {"method":"DELETE","path":"/api/users/me/sessions/{session_id}"},
  deleteRole: {"method":"DELETE","path":"/api/roles/{role_id}"},
  deleteUser: {"method":"DELETE","path":"/api/users/{user_id}"},
  deleteUserSessions: {"method":"DELETE","path":"/api/users/{user_id}/sessions"},
  exportCurrentUser: {"method":"GET","path":"/api/users/me/export"},
  getCurrentUser: {"method":"GET","path":"/api/users/me"},
  getRole: {"method":"GET","path":"/api/roles/{role_id}"},
  getSettings: {"method":"GET","path":"/api/settings","public":true},
  getUser: {"method":"GET","path":"/api/users/{user_id}"},
  getUserAccess: {"method":"GET","path":"/api/users/{user_id}/access"},
  listAuditEvents: {"method":"GET","path":"/api/audit-events","paged":true},
  listOwnSessions: {"method":"GET","path":"/api/users/me/sessions","paged":true},
  listPermissions: {"method":"GET","path":"/api/permissions"},
  listRoles: {"method":"GET","path":"/api/roles","paged":true},
  listUserSessions: {"method":"GET","path":"/api/users/{user_id}/sessions","paged":true},
  listUsers: {"method":"GET","path":"/api/users","paged":true},
  replaceUserRoles: {"method":"PUT","path":"/api/users/{user_id}/roles"},
  requestEmailChange: {"method":"POST","path":"/api/users/me/email"},
  requestPasswordReset: {"method":"POST","path":"/api/auth/forgot-password","public":true},
  resendVerificationEmail: {"method":"POST","path":"/api/auth/resend-verification","public":true},
  resetPassword: {"method":"POST","path":"/api/auth/reset-password","public":true},
  sendPasswordLink: {"method":"POST","path":"/api/users/{user_id}/password-link"},
  updateCurrentUser: {"method":"PATCH","path":"/api/users/me"},
  updateRole: {"method":"PATCH","path":"/api/roles/{role_id}"},
  updateUser: {"method":"PATCH","path":"/api/users/{user_id}"},
  verifyEmail: {"method":"POST","path":"/api/auth/verify-email"},
} as const;

/** The documented values of a problem's `code`. */
export type ProblemCode =
  | "account_disabled"
  | "built_in_role"
  | "email_not_verified"
  | "email_taken"
  | "forbidden"
  | "gone"
  | "idempotency_key_in_use"
  | "idempotency_key_reused"
  | "in_use"
  | "internal"
  | "invalid_credentials"
  | "invalid_token"
  | "last_admin"
  | "malformed_json"
  | "origin_not_allowed"
  | "payload_too_large"
  | "request_timeout"
  | "role_name_taken"
  | "role_not_found"
  | "session_not_found"
  | "session_revoked"
  | "sign_up_closed"
  | "stale"
  | "token_expired"
  | "too_many_requests"
  | "unauthenticated"
  | "unavailable"
  | "unsupported_media_type"
  | "user_not_found"
  | "validation_failed";
