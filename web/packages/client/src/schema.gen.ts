// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the name and version of the service
         * @description Returns the web app to a browser, which accepts `text/html`.
         */
        get: operations["getServiceInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Redirect to the page to change the password
         * @description Password managers open it (W3C, "A Well-Known URL for Changing Passwords").
         */
        get: operations["changePasswordPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the public keys of access tokens
         * @description Other services verify access tokens with these keys. The set is empty while tokens are signed with HMAC.
         */
        get: operations["getJwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/passkey-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the pages for passkeys
         * @description Password managers open them (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
         */
        get: operations["getPasskeyEndpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/webauthn": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the origins that may use the passkeys
         * @description Browsers read them for pages on other domains (Web Authentication Level 3, section 5.11).
         */
        get: operations["getRelatedOrigins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit events
         * @description Newest first. The `Link` header points to the next page.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/confirm-email-change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an email change
         * @description The new address becomes the sign-in address of the account.
         */
        post: operations["confirmEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a password reset
         * @description The response is the same whether or not an account has the address.
         */
        post: operations["requestPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description The response is the same for an incorrect password and an unknown address. If the request has the cookie of an
         *     earlier session and asks for a new cookie, the cookie is replaced and the earlier session is revoked.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Revokes the sessions of the access token (even if expired), the refresh token and the cookie, whichever are sent.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a passkey
         * @description A passkey that verifies the user counts as two factors. `unknown_passkey` means that no account has it, so that a page
         *     can tell the password manager to remove it.
         */
        post: operations["signInWithPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a passkey
         * @description Returns the options for the browser: to sign in with a passkey alone, or to prove a second factor of the challenge of a
         *     sign-in.
         */
        post: operations["requestPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh the tokens
         * @description Replaces the refresh token. For a few seconds, the old and the new refresh token both return the same tokens, so
         *     retries are safe. Using the old one after that revokes the session.
         */
        post: operations["refreshTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/resend-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend the verification email
         * @description The response is the same whether or not an account has the address, and whether or not the address is verified.
         */
        post: operations["resendVerificationEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a password
         * @description Sets the password with the token of a link. Revokes every session, invalidates every other link and verifies the
         *     address. Also accepts invitations.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete a sign-in with a second factor
         * @description `challenge` is the one that the sign-in with the password returned. The fifth wrong code voids it.
         */
        post: operations["proveSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm your identity again
         * @description Sensitive changes require a recent proof of identity, by default of the last ten minutes; a sign-in is one. Users with
         *     a second factor prove one of their factors. The options for a passkey are those of a sign-in.
         */
        post: operations["stepUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get tokens with OAuth 2.0
         * @description Supports the grants `password` and `refresh_token` of RFC 6749. The password grant exists for Swagger UI and is
         *     disabled together with it.
         */
        post: operations["issueToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify an email address
         * @description Requires the token of the link and either an access token of the account or its password. A person who controls
         *     the mailbox but did not create the account resets the password instead.
         */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List permissions
         * @description Returns the built-in permissions, and those of other applications that a role contains.
         */
        get: operations["listPermissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List roles
         * @description Sorted by name. The `Link` header points to the next page.
         */
        get: operations["listRoles"];
        put?: never;
        /**
         * Create a role
         * @description Requires every permission of the new role.
         */
        post: operations["createRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles/{role_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a role */
        get: operations["getRole"];
        put?: never;
        post?: never;
        /**
         * Delete a role
         * @description Removes the role from its users. Requires every permission of the role.
         */
        delete: operations["deleteRole"];
        options?: never;
        head?: never;
        /**
         * Update a role
         * @description Requires every permission that the role has before and after the change. `admin` cannot be changed, and `member`
         *     cannot be renamed.
         */
        patch: operations["updateRole"];
        trace?: never;
    };
    "/api/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the public settings
         * @description Returns the settings that a web app needs before a user signs in. Requires no authentication.
         */
        get: operations["getSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create the first administrator
         * @description Requires the token of the link that the server prints at startup. Available until the first administrator exists.
         *     Never promotes an existing account.
         */
        post: operations["completeSetup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Sorted by `sort`, newest first by default; with `q`, sorted by the matched text. The `Link` header points to the
         *     next page.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user
         * @description Anyone may sign up while sign-up is open. Setting `roles`, omitting `password` and creating a user while sign-up is
         *     closed require `users:create`; `roles` also requires `roles:assign` and every permission of these roles. Sends
         *     a link to verify the address or, without a password, to set one.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the current user
         * @description Includes the user's current permissions and pending email change.
         */
        get: operations["getCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Update the current user */
        patch: operations["updateCurrentUser"];
        trace?: never;
    };
    "/api/users/me/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete the current account permanently */
        post: operations["deleteCurrentUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request an email change
         * @description Sends a link to the new address. The change takes effect when the link is confirmed within 30 minutes. If another
         *     account has the address, the response is the same, but no link is sent.
         */
        post: operations["requestEmailChange"];
        /**
         * Cancel a pending email change
         * @description Invalidates the link that was sent to the new address.
         */
        delete: operations["cancelEmailChange"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the current user's data
         * @description Returns all stored data except secrets and data about other people. The response is streamed; if an error occurs
         *     partway, the connection is closed before the end of the document.
         */
        get: operations["exportCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get your factors
         * @description Includes what the Signal API of Web Authentication needs to keep the passkeys of a password manager up to date.
         */
        get: operations["getOwnFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a passkey
         * @description With the first factor, returns recovery codes. A passkey that was created without user verification serves as second
         *     factor only.
         */
        post: operations["addPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a new passkey
         * @description Returns the options for the browser. Requires a recent proof of identity.
         */
        post: operations["requestNewPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/passkeys/{passkey_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey
         * @description The recovery codes are removed with the last factor. Requires a recent proof of identity.
         */
        delete: operations["deletePasskey"];
        options?: never;
        head?: never;
        /** Rename a passkey */
        patch: operations["updatePasskey"];
        trace?: never;
    };
    "/api/users/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change your password
         * @description Revokes all your other sessions.
         */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate new recovery codes
         * @description The earlier codes are void. Requires a second factor, and a recent proof of identity.
         */
        post: operations["replaceRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your sessions
         * @description A user has at most 100 live sessions: one more sign-in revokes the least recently used one. The `Link` header points
         *     to the next page.
         */
        get: operations["listOwnSessions"];
        put?: never;
        post?: never;
        /** Revoke your other sessions */
        delete: operations["deleteOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke one of your sessions */
        delete: operations["deleteOwnSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set up an authenticator app
         * @description Returns a secret that is not in use until it is confirmed with a code. Requires a recent proof of identity.
         */
        post: operations["createTotp"];
        /**
         * Remove the authenticator app
         * @description The recovery codes are removed with the last factor. Requires a recent proof of identity.
         */
        delete: operations["deleteTotp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an authenticator app
         * @description The code is used up. With the first factor, returns recovery codes.
         */
        post: operations["confirmTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a user
         * @description Requires `users:read`, except for yourself.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user permanently
         * @description Requires every permission that the user has, and for your own account a recent proof of identity.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Update a user
         * @description Requires every permission that the user has, and a recent proof of identity to change the email address of your own
         *     account. Disabling a user revokes their sessions.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/api/users/{user_id}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain a user's access
         * @description Returns the roles that grant the user a permission, and the reasons why the user cannot sign in now. Requires
         *     `users:read` and `roles:read`, except for yourself.
         */
        get: operations["getUserAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user_id}/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a user's factors */
        get: operations["getUserFactors"];
        put?: never;
        post?: never;
        /**
         * Remove a user's second factors
         * @description For a user who has lost them. Also revokes the user's sessions and notifies the user by email. Requires every permission
         *     of the user, and a recent proof of identity.
         */
        delete: operations["resetUserFactors"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user_id}/password-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a user a password link
         * @description Emails a link to set a new password. A user who has not set a password yet receives the invitation again. Requires
         *     every permission that the user has.
         */
        post: operations["sendPasswordLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user_id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replace the roles of a user
         * @description Requires every permission that the user has, and every permission of the assigned and removed roles.
         */
        put: operations["replaceUserRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user_id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sessions of a user
         * @description The `Link` header points to the next page.
         */
        get: operations["listUserSessions"];
        put?: never;
        post?: never;
        /**
         * Revoke the sessions of a user
         * @description Requires every permission that the user has.
         */
        delete: operations["deleteUserSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that the process is running */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the service is ready
         * @description The service is not ready while the database is unreachable, lacks a migration, or has settings with which it could
         *     lose acknowledged writes.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the description of a problem
         * @description The `type` of each problem is the URL of this page.
         */
        get: operations["getProblemType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description An explanation of a user's access.
         * @example {
         *       "granted": true,
         *       "permission": "users:read",
         *       "roles": [
         *         "admin"
         *       ],
         *       "second_factor_enrolment_required": false,
         *       "sign_in": {
         *         "allowed": false,
         *         "reasons": [
         *           {
         *             "code": "disabled",
         *             "until": null
         *           }
         *         ]
         *       }
         *     }
         */
        Access: {
            /** @description True if the user has the permission, and it is in force. */
            granted: boolean;
            /** @description The name of the permission; `null` if none was requested. */
            permission: string | null;
            /** @description The names of the user's roles that have it. */
            roles: string[];
            /**
             * @description True if a role of the user requires a second factor, which the user does not have. The permissions of the role are
             *     not in force until then.
             */
            second_factor_enrolment_required: boolean;
            /** @description The user's ability to sign in now. */
            sign_in: components["schemas"]["SignIn"];
        };
        /**
         * @description A kind of actor: `cli` is an operator at the command line, `system` the server itself.
         * @enum {string}
         */
        ActorKind: "anonymous" | "user" | "cli" | "system";
        /**
         * @description A passkey to add.
         * @example {
         *       "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e",
         *       "credential": {
         *         "clientExtensionResults": {
         *           "credProps": {
         *             "rk": true
         *           }
         *         },
         *         "id": "AZM7HnwAcACAAC9uShucPQ",
         *         "rawId": "AZM7HnwAcACAAC9uShucPQ",
         *         "response": {
         *           "attestationObject": "o2NmbXRkbm9uZQ",
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *           "transports": [
         *             "internal"
         *           ]
         *         },
         *         "type": "public-key"
         *       },
         *       "name": "Phone"
         *     }
         */
        AddPasskeyRequest: {
            /** @description The identifier of the challenge. */
            challenge_id: string;
            /** @description The response of the browser. */
            credential: components["schemas"]["RegistrationResponse"];
            /** @description The name, 1 to 100 code points; by default that of the authenticator. */
            name?: string;
        };
        /** @description A passkey that was added. */
        AddedPasskey: components["schemas"]["Passkey"] & {
            /** @description The recovery codes, with the first factor only. They are never shown again. */
            recovery_codes?: string[];
        };
        /**
         * @description The response of an authenticator that used a passkey.
         * @example {
         *       "authenticatorData": "SZYN5YgOjGh0NBcPZHZgWw",
         *       "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *       "signature": "MEUCIQDv",
         *       "userHandle": "AZM7HnwAcACAAAAAAAAAAQ"
         *     }
         */
        AssertionResponse: {
            /** @description The authenticator data, in base64url. */
            authenticatorData: string;
            /** @description The client data, in base64url. */
            clientDataJSON: string;
            /** @description The signature, in base64url. */
            signature: string;
            /** @description The user handle, in base64url; absent or `null` if the authenticator did not return it. */
            userHandle?: string | null;
        };
        /**
         * @description The roles to assign to a user.
         * @example {
         *       "roles": [
         *         "member"
         *       ]
         *     }
         */
        AssignRolesRequest: {
            /** @description The names of the roles. All other roles are removed from the user. */
            roles: components["schemas"]["RoleName"][];
        };
        /**
         * @description The response of an authenticator that created a passkey.
         * @example {
         *       "attestationObject": "o2NmbXRkbm9uZQ",
         *       "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *       "transports": [
         *         "internal"
         *       ]
         *     }
         */
        AttestationResponse: {
            /** @description The attestation object, in base64url. */
            attestationObject: string;
            /** @description The client data, in base64url. */
            clientDataJSON: string;
            /** @description The transports of the authenticator, such as `internal`. */
            transports?: string[];
        };
        /**
         * @description An action in the audit log, as `resource.verb`.
         * @enum {string}
         */
        AuditAction: "email.change_cancelled" | "email.change_requested" | "email.changed" | "email.verified" | "factors.reset" | "passkey.added" | "passkey.removed" | "passkey.renamed" | "password.changed" | "password.link_sent" | "password.refused" | "password.reset" | "password.set" | "recovery_code.used" | "recovery_codes.generated" | "restore.completed" | "role.assigned" | "role.created" | "role.deleted" | "role.updated" | "session.ended" | "session.refused" | "session.reuse_detected" | "session.revoked" | "session.second_factor_rejected" | "session.started" | "session.stepped_up" | "sessions.revoked" | "setup.completed" | "totp.disabled" | "totp.enabled" | "user.created" | "user.deleted" | "user.disabled" | "user.enabled" | "user.updated";
        /**
         * @description An event in the audit log.
         * @example {
         *       "action": "role.assigned",
         *       "actor": {
         *         "id": "01933b1e-7c00-7000-8000-000000000001",
         *         "kind": "user"
         *       },
         *       "details": {
         *         "given": [
         *           "admin"
         *         ]
         *       },
         *       "id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
         *       "ip_address": "192.0.2.7",
         *       "occurred_at": "2026-11-24T09:00:00.000000Z",
         *       "request_id": "01933b1e7c0070008000000000000000",
         *       "target": {
         *         "id": "01933b1e-7c00-7000-8000-000000000002",
         *         "kind": "user"
         *       },
         *       "user_agent": "curl/8.9.1"
         *     }
         */
        AuditEvent: {
            action: components["schemas"]["AuditAction"] | string;
            /** @description The actor of the event. */
            actor: components["schemas"]["EventActor"];
            /** @description Further details by name: text, numbers and lists of names. */
            details: {
                [key: string]: unknown;
            };
            /**
             * Format: uuid
             * @description The identifier of the event, a version 7 UUID.
             */
            id: string;
            /** @description The IP address of the client. */
            ip_address: string | null;
            /**
             * Format: date-time
             * @description The time of the event.
             */
            occurred_at: string;
            /** @description The identifier of the request, as in the log. */
            request_id: string | null;
            target: components["schemas"]["EventTarget"] | null;
            /** @description The `User-Agent` of the client. */
            user_agent: string | null;
        };
        /**
         * @description The response of `navigator.credentials.get()`, as `toJSON()` returns it (`AuthenticationResponseJSON`). Other members are
         *     ignored.
         * @example {
         *       "id": "AZM7HnwAcACAAC9uShucPQ",
         *       "rawId": "AZM7HnwAcACAAC9uShucPQ",
         *       "response": {
         *         "authenticatorData": "SZYN5YgOjGh0NBcPZHZgWw",
         *         "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *         "signature": "MEUCIQDv",
         *         "userHandle": "AZM7HnwAcACAAAAAAAAAAQ"
         *       },
         *       "type": "public-key"
         *     }
         */
        AuthenticationResponse: {
            /** @description The identifier of the credential, in base64url. */
            id: string;
            /** @description The same as `id`. */
            rawId: string;
            /** @description The response of the authenticator. */
            response: components["schemas"]["AssertionResponse"];
            /** @description The kind of credential. */
            type: components["schemas"]["CredentialType"];
        };
        /**
         * @description The requirements for an authenticator.
         * @example {
         *       "residentKey": "preferred",
         *       "userVerification": "preferred"
         *     }
         */
        AuthenticatorSelection: {
            /** @description The preference for a discoverable passkey. */
            residentKey: components["schemas"]["Preference"];
            /** @description The preference for a verification of the user, for example with a PIN. */
            userVerification: components["schemas"]["Preference"];
        };
        /**
         * @description A request to change the email address of the current user.
         * @example {
         *       "current_password": "correct horse battery",
         *       "new_email": "ada.king@example.com"
         *     }
         */
        ChangeEmailRequest: {
            /** @description The current password. Optional shortly after a sign-in or another proof of identity, as for `step_up_required`. */
            current_password?: string;
            /**
             * Format: email
             * @description The new email address, at most 254 bytes. It replaces the current one when confirmed.
             */
            new_email: string;
        };
        /**
         * @description A change of the current user's password.
         * @example {
         *       "current_password": "correct horse battery",
         *       "new_password": "staple remembered twice"
         *     }
         */
        ChangePasswordRequest: {
            /** @description The current password. Optional shortly after a sign-in or another proof of identity, as for `step_up_required`. */
            current_password?: string;
            /** @description The new password, 8 to 128 code points, not a common password. */
            new_password: string;
        };
        /**
         * @description A kind of code.
         * @enum {string}
         */
        CodeMethod: "totp" | "recovery_code";
        /**
         * @description The confirmation of an email change.
         * @example {
         *       "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        ConfirmEmailChangeRequest: {
            /** @description The token from the link. */
            token: string;
        };
        /**
         * @description The confirmation of an authenticator app.
         * @example {
         *       "code": "123456"
         *     }
         */
        ConfirmTotpRequest: {
            /** @description A code of the app. */
            code: string;
        };
        /**
         * @description The result of confirming an authenticator app.
         * @example {
         *       "recovery_codes": [
         *         "abcdefg-hjkmnpq-rstuvwx-yz02349"
         *       ]
         *     }
         */
        ConfirmedTotp: {
            /** @description Ten recovery codes with the first factor, otherwise `null`. They are never shown again. */
            recovery_codes: string[] | null;
        };
        /**
         * @description A role to create.
         * @example {
         *       "description": "Helps people who cannot sign in",
         *       "name": "support",
         *       "permissions": [
         *         "sessions:revoke",
         *         "users:read"
         *       ]
         *     }
         */
        CreateRoleRequest: {
            /** @description The purpose of the role, 1 to 500 code points. */
            description?: string | null;
            /** @description The unique name of the role. */
            name: components["schemas"]["RoleName"];
            /** @description The names of the permissions; none by default. */
            permissions?: components["schemas"]["PermissionName"][];
            /** @description True if the permissions are in force only for users with a second factor; false by default. */
            requires_second_factor?: boolean;
        };
        /**
         * @description A user to create.
         * @example {
         *       "display_name": "Ada Lovelace",
         *       "email": "ada@example.com",
         *       "password": "correct horse battery"
         *     }
         */
        CreateUserRequest: {
            /** @description The display name, 1 to 200 code points. */
            display_name?: string | null;
            /**
             * Format: email
             * @description The email address for sign-in, at most 254 bytes.
             */
            email: string;
            /**
             * @description The password, 8 to 128 code points, not a common password. Callers with `users:create` may omit it; the user
             *     then receives a link to set one.
             */
            password?: string;
            /** @description The names of the roles to assign; `member` by default. Requires `users:create` and `roles:assign`. */
            roles?: components["schemas"]["RoleName"][];
        };
        /**
         * @description The extensions of a request to create a passkey.
         * @example {
         *       "credProps": true
         *     }
         */
        CreationExtensions: {
            /** @description Requests whether the passkey is discoverable. */
            credProps: boolean;
        };
        /**
         * @description The options to create a passkey (`PublicKeyCredentialCreationOptionsJSON`).
         * @example {
         *       "attestation": "none",
         *       "authenticatorSelection": {
         *         "residentKey": "preferred",
         *         "userVerification": "preferred"
         *       },
         *       "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E",
         *       "excludeCredentials": [],
         *       "extensions": {
         *         "credProps": true
         *       },
         *       "pubKeyCredParams": [
         *         {
         *           "alg": -8,
         *           "type": "public-key"
         *         }
         *       ],
         *       "rp": {
         *         "id": "localhost",
         *         "name": "localhost"
         *       },
         *       "timeout": 300000,
         *       "user": {
         *         "displayName": "Ada Lovelace",
         *         "id": "AZM7HnwAcACAAAAAAAAAAQ",
         *         "name": "ada@example.com"
         *       }
         *     }
         */
        CreationOptions: {
            /** @description The proof of its model that the authenticator has to give: always `none`. */
            attestation: string;
            /** @description The requirements for the authenticator. */
            authenticatorSelection: components["schemas"]["AuthenticatorSelection"];
            /** @description 32 random bytes, in base64url. */
            challenge: string;
            /** @description The passkeys of the user, so that no authenticator has two. */
            excludeCredentials: components["schemas"]["CredentialDescriptor"][];
            /** @description The extensions. */
            extensions: components["schemas"]["CreationExtensions"];
            /** @description The algorithms, the preferred one first. */
            pubKeyCredParams: components["schemas"]["CredentialParameters"][];
            /** @description The relying party. */
            rp: components["schemas"]["RelyingParty"];
            /**
             * Format: int64
             * @description The time for the user to respond, in milliseconds.
             */
            timeout: number;
            /** @description The user. */
            user: components["schemas"]["CredentialUser"];
        };
        /**
         * @description A credential that a browser may or may not use (`PublicKeyCredentialDescriptorJSON`).
         * @example {
         *       "id": "AZM7HnwAcACAAC9uShucPQ",
         *       "transports": [
         *         "internal"
         *       ],
         *       "type": "public-key"
         *     }
         */
        CredentialDescriptor: {
            /** @description The identifier of the credential, in base64url. */
            id: string;
            /** @description The transports of the authenticator. */
            transports?: string[];
            /** @description The kind of credential. */
            type: components["schemas"]["CredentialType"];
        };
        /**
         * @description An algorithm.
         * @example {
         *       "alg": -8,
         *       "type": "public-key"
         *     }
         */
        CredentialParameters: {
            /**
             * Format: int32
             * @description The number of the algorithm in COSE.
             */
            alg: number;
            /** @description The kind of credential. */
            type: components["schemas"]["CredentialType"];
        };
        /**
         * @description The properties of a credential.
         * @example {
         *       "rk": true
         *     }
         */
        CredentialProperties: {
            /** @description True if the credential is discoverable. */
            rk?: boolean;
        };
        /**
         * @description A kind of credential.
         * @enum {string}
         */
        CredentialType: "public-key";
        /**
         * @description The user of a passkey.
         * @example {
         *       "displayName": "Ada Lovelace",
         *       "id": "AZM7HnwAcACAAAAAAAAAAQ",
         *       "name": "ada@example.com"
         *     }
         */
        CredentialUser: {
            /** @description The display name, or else the email address. */
            displayName: string;
            /** @description The user handle, in base64url. */
            id: string;
            /** @description The email address. */
            name: string;
        };
        /**
         * @description The deletion of the current account.
         * @example {
         *       "current_password": "correct horse battery"
         *     }
         */
        DeleteMeRequest: {
            /** @description The current password. Optional shortly after a sign-in or another proof of identity, as for `step_up_required`. */
            current_password?: string;
        };
        /**
         * @description A kind of email.
         * @enum {string}
         */
        EmailKind: "verify_email" | "reset_password" | "invitation" | "change_email" | "email_change_requested" | "email_changed" | "password_changed" | "new_device" | "factor_added" | "factor_removed" | "factors_reset" | "recovery_code_used" | "recovery_codes_generated" | "test";
        /**
         * @description The actor of an event.
         * @example {
         *       "id": "01933b1e-7c00-7000-8000-000000000001",
         *       "kind": "user"
         *     }
         */
        EventActor: {
            /**
             * Format: uuid
             * @description The identifier of the user, who may have been deleted; `null` for any other kind.
             */
            id: string | null;
            kind: components["schemas"]["ActorKind"] | string;
        };
        /**
         * @description The target of an event.
         * @example {
         *       "id": "01933b1e-7c00-7000-8000-000000000002",
         *       "kind": "user"
         *     }
         */
        EventTarget: {
            /**
             * Format: uuid
             * @description The identifier of the target.
             */
            id: string;
            kind: components["schemas"]["TargetKind"] | string;
        };
        /**
         * @description All data stored about the current user, except secrets.
         * @example {
         *       "audit_events": [],
         *       "factors": {
         *         "passkeys": [],
         *         "password": {
         *           "changed_at": "2026-11-24T09:00:00.000000Z",
         *           "set": true
         *         },
         *         "recovery_codes": null,
         *         "required_by": [],
         *         "rp_id": "localhost",
         *         "totp": null,
         *         "user_handle": "AZM7HnwAcACAAAAAAAAAAQ"
         *       },
         *       "last_sign_in_at": "2026-11-24T09:00:00.000000Z",
         *       "mails": [],
         *       "password_changed_at": "2026-11-24T09:00:00.000000Z",
         *       "pending_email": null,
         *       "sessions": [],
         *       "user": {
         *         "created_at": "2026-11-24T09:00:00.000000Z",
         *         "display_name": "Ada Lovelace",
         *         "email": "ada@example.com",
         *         "email_verified": true,
         *         "id": "01933b1e-7c00-7000-8000-000000000001",
         *         "roles": [
         *           "member"
         *         ],
         *         "status": "active",
         *         "updated_at": "2026-11-24T09:00:00.000000Z"
         *       }
         *     }
         */
        Export: {
            /** @description Events with the user as actor or target, newest first, without data about other actors. */
            audit_events: components["schemas"]["AuditEvent"][];
            /** @description The factors, without secrets. */
            factors: components["schemas"]["Factors"];
            /**
             * Format: date-time
             * @description The time of the last sign-in.
             */
            last_sign_in_at: string | null;
            /** @description Emails to the user that have not been sent yet, newest first. */
            mails: components["schemas"]["Mail"][];
            /**
             * Format: date-time
             * @description The time when the password was set; `null` without a password.
             */
            password_changed_at: string | null;
            /** @description The new email address, if a change is pending confirmation. */
            pending_email: string | null;
            /** @description All stored sessions, newest first. Revoked and expired sessions are deleted after some days. */
            sessions: components["schemas"]["Session"][];
            /** @description The user. */
            user: components["schemas"]["User"];
        };
        /**
         * @description The results of extensions.
         * @example {
         *       "credProps": {
         *         "rk": true
         *       }
         *     }
         */
        ExtensionResults: {
            /** @description The properties of the credential. */
            credProps?: components["schemas"]["CredentialProperties"];
        };
        /**
         * @description The factors of a user.
         * @example {
         *       "passkeys": [],
         *       "password": {
         *         "changed_at": "2026-11-24T09:00:00.000000Z",
         *         "set": true
         *       },
         *       "recovery_codes": {
         *         "remaining": 10
         *       },
         *       "required_by": [
         *         "admin"
         *       ],
         *       "rp_id": "localhost",
         *       "totp": {
         *         "confirmed_at": "2026-11-24T09:00:00.000000Z"
         *       },
         *       "user_handle": "AZM7HnwAcACAAAAAAAAAAQ"
         *     }
         */
        Factors: {
            /** @description The passkeys, oldest first. */
            passkeys: components["schemas"]["Passkey"][];
            /** @description The password. */
            password: components["schemas"]["PasswordFactor"];
            recovery_codes: components["schemas"]["RecoveryCodes"] | null;
            /** @description The names of the user's roles that require a second factor, sorted. */
            required_by: components["schemas"]["RoleName"][];
            /** @description The identifier of the relying party of passkeys; `null` if passkeys are not available. */
            rp_id: string | null;
            totp: components["schemas"]["TotpFactor"] | null;
            /** @description The user handle of passkeys, in base64url. */
            user_handle: string;
        };
        /**
         * @description The error code of a field, for programs. Codes never change.
         * @enum {string}
         */
        FieldCode: "required" | "unknown_field" | "invalid_type" | "invalid_format" | "too_short" | "too_long" | "out_of_range" | "not_allowed_value" | "unknown" | "taken" | "common_password" | "wrong_password" | "wrong_code" | "rejected";
        /**
         * @description The error of one field, with either `pointer` or `parameter`.
         * @example {
         *       "code": "taken",
         *       "detail": "Email already registered",
         *       "pointer": "/email"
         *     }
         */
        FieldProblem: {
            /** @description The error code, for programs. Codes never change. */
            code: components["schemas"]["FieldCode"];
            /** @description An explanation, for people. */
            detail: string;
            /** @description The name of a parameter of the path, the query or the header. */
            parameter?: string;
            /** @description The JSON Pointer of a field of the body (RFC 6901). */
            pointer?: string;
        };
        /**
         * @description A grant type (RFC 6749, sections 4.3.2 and 6).
         * @enum {string}
         */
        GrantType: "password" | "refresh_token";
        /**
         * @description The health of the service.
         * @example {
         *       "status": "ok"
         *     }
         */
        HealthResponse: {
            /** @description The status. An unhealthy service responds with 503 instead. */
            status: components["schemas"]["HealthStatus"];
        };
        /**
         * @description The status of a healthy service.
         * @enum {string}
         */
        HealthStatus: "ok";
        /**
         * @description A public key (RFC 7517, section 4).
         * @example {
         *       "alg": "ES256",
         *       "crv": "P-256",
         *       "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
         *       "kty": "EC",
         *       "use": "sig",
         *       "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
         *       "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
         *     }
         */
        JwkResponse: {
            /** @description The signature algorithm: `EdDSA` or `ES256`. */
            alg: string;
            /** @description The curve: `Ed25519` or `P-256`. */
            crv: string;
            /** @description The key identifier, which is the thumbprint of the key (RFC 7638). */
            kid: string;
            /** @description The key type: `OKP` for Ed25519 (RFC 8037), `EC` for P-256 (RFC 7518, section 6.2). */
            kty: string;
            /** @description The use of the key, always `sig`. */
            use: string;
            /** @description The public key or its x coordinate, in base64url. */
            x: string;
            /** @description The y coordinate of a P-256 key, in base64url. */
            y?: string;
        };
        /**
         * @description The public keys of access tokens (RFC 7517, section 5).
         * @example {
         *       "keys": [
         *         {
         *           "alg": "EdDSA",
         *           "crv": "Ed25519",
         *           "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
         *           "kty": "OKP",
         *           "use": "sig",
         *           "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
         *         }
         *       ]
         *     }
         */
        JwksResponse: {
            /** @description The keys; empty if tokens are signed with HMAC. */
            keys: components["schemas"]["JwkResponse"][];
        };
        /**
         * @description A request for an emailed link.
         * @example {
         *       "email": "ada@example.com"
         *     }
         */
        LinkRequest: {
            /**
             * Format: email
             * @description The email address of the account.
             */
            email: string;
        };
        /**
         * @description The credentials of a sign-in.
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery"
         *     }
         */
        LoginRequest: {
            /** @description The email address of the account. */
            email: string;
            /** @description The password of the account. */
            password: string;
            /** @description The transport of the refresh token; `body` by default. */
            transport?: components["schemas"]["Transport"];
        };
        /**
         * @description A sign-out.
         * @example {
         *       "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…"
         *     }
         */
        LogoutRequest: {
            /** @description The refresh token of the session to revoke, in addition to the sessions of the access token and the cookie. */
            refresh_token?: string;
        };
        /**
         * @description An email that has not been sent yet.
         * @example {
         *       "address": "ada@example.com",
         *       "created_at": "2026-11-24T09:00:00.000000Z",
         *       "kind": "verify_email"
         *     }
         */
        Mail: {
            /** @description The recipient; `null` if the email will not be sent. */
            address: string | null;
            /**
             * Format: date-time
             * @description The time when the email was queued.
             */
            created_at: string;
            kind: components["schemas"]["EmailKind"] | string;
        };
        /** @description The current user. */
        Me: components["schemas"]["User"] & {
            /** @description The new email address, if a change is pending confirmation. */
            pending_email: string | null;
            /** @description The names of the user's permissions that are in force, sorted. For `admin`, every built-in permission. */
            permissions: components["schemas"]["PermissionName"][];
            /**
             * @description True if a role of the user requires a second factor, which the user does not have. The permissions of the role are
             *     not in force until then.
             */
            second_factor_enrolment_required: boolean;
        };
        /**
         * @description A request for `navigator.credentials.create()`.
         * @example {
         *       "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e",
         *       "expires_in": 300,
         *       "public_key": {
         *         "attestation": "none",
         *         "authenticatorSelection": {
         *           "residentKey": "preferred",
         *           "userVerification": "preferred"
         *         },
         *         "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E",
         *         "excludeCredentials": [],
         *         "extensions": {
         *           "credProps": true
         *         },
         *         "pubKeyCredParams": [
         *           {
         *             "alg": -8,
         *             "type": "public-key"
         *           }
         *         ],
         *         "rp": {
         *           "id": "localhost",
         *           "name": "localhost"
         *         },
         *         "timeout": 300000,
         *         "user": {
         *           "displayName": "Ada Lovelace",
         *           "id": "AZM7HnwAcACAAAAAAAAAAQ",
         *           "name": "ada@example.com"
         *         }
         *       }
         *     }
         */
        NewPasskeyRequest: {
            /** @description The identifier of the challenge. */
            challenge_id: string;
            /**
             * Format: int64
             * @description The lifetime of the challenge, in seconds.
             */
            expires_in: number;
            /** @description The options for `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
            public_key: components["schemas"]["CreationOptions"];
        };
        /**
         * @description New recovery codes.
         * @example {
         *       "recovery_codes": [
         *         "abcdefg-hjkmnpq-rstuvwx-yz02349"
         *       ]
         *     }
         */
        NewRecoveryCodes: {
            /** @description Ten recovery codes. They are never shown again. */
            recovery_codes: string[];
        };
        /**
         * @description The secret of a new authenticator app, which is never shown again: SHA-1, six digits, steps of 30 seconds.
         * @example {
         *       "expires_in": 600,
         *       "otpauth_uri": "otpauth://totp/localhost:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=localhost&algorithm=SHA1&digits=6&period=30",
         *       "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
         *     }
         */
        NewTotp: {
            /**
             * Format: int64
             * @description The time in which a code must confirm it, in seconds.
             */
            expires_in: number;
            /**
             * Format: uri
             * @description The URI to show as a QR code.
             */
            otpauth_uri: string;
            /** @description The secret in Base32 without padding (RFC 4648), to type it in. */
            secret: string;
        };
        /**
         * @description The error response to a token request (RFC 6749, section 5.2).
         * @example {
         *       "error": "invalid_grant",
         *       "error_description": "The username, password or refresh token is incorrect"
         *     }
         */
        OAuthError: {
            /** @description The error code, for programs. */
            error: components["schemas"]["OAuthErrorCode"];
            /** @description The error message, for people. */
            error_description: string;
        };
        /**
         * @description An OAuth 2.0 error code.
         * @enum {string}
         */
        OAuthErrorCode: "invalid_request" | "invalid_grant" | "unsupported_grant_type";
        /**
         * @description An OAuth 2.0 token request (RFC 6749, sections 4.3.2 and 6). Other parameters are ignored.
         * @example {
         *       "grant_type": "password",
         *       "password": "correct horse battery",
         *       "username": "ada@example.com"
         *     }
         */
        OAuthRequest: {
            /** @description The grant type. */
            grant_type: components["schemas"]["GrantType"];
            /** @description The password of the account, for the grant `password`. */
            password?: string;
            /** @description The refresh token, for the grant `refresh_token`. */
            refresh_token?: string;
            /** @description The email address of the account, for the grant `password`. */
            username?: string;
        };
        /**
         * @description The response to a token request (RFC 6749, section 5.1).
         * @example {
         *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzM2IxZSJ9.c2lnbmF0dXJl",
         *       "expires_in": 1800,
         *       "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…",
         *       "token_type": "bearer"
         *     }
         */
        OAuthTokenResponse: {
            /**
             * @description The access token for the `Authorization` header, after `Bearer `. At most 4,096 bytes; the claim `roles` is
             *     omitted from a token that would be longer.
             */
            access_token: string;
            /**
             * Format: int64
             * @description The lifetime of the access token, in seconds.
             */
            expires_in: number;
            /** @description The refresh token, which can be used once. */
            refresh_token: string;
            /** @description The type of the access token. */
            token_type: components["schemas"]["TokenType"];
        };
        /**
         * @description A passkey.
         * @example {
         *       "authenticator": "Google Password Manager",
         *       "backed_up": true,
         *       "created_at": "2026-11-24T09:00:00.000000Z",
         *       "credential_id": "AZM7HnwAcACAAC9uShucPQ",
         *       "discoverable": true,
         *       "id": "01933b1e-7c00-7000-8000-0c6f1f8b2a3d",
         *       "last_used_at": null,
         *       "name": "Google Password Manager"
         *     }
         */
        Passkey: {
            /** @description The model of the authenticator, if it is known. */
            authenticator: string | null;
            /** @description True if it is synchronized between devices. */
            backed_up: boolean;
            /**
             * Format: date-time
             * @description The time when it was added.
             */
            created_at: string;
            /** @description The identifier of the credential, in base64url. */
            credential_id: string;
            /** @description True if it can be used without entering an email address. */
            discoverable: boolean;
            /**
             * Format: uuid
             * @description The identifier of the passkey, a version 7 UUID.
             */
            id: string;
            /**
             * Format: date-time
             * @description The time of its last use.
             */
            last_used_at: string | null;
            /** @description The name. */
            name: string;
        };
        /**
         * @description The pages where users manage their passkeys.
         * @example {
         *       "enroll": "http://localhost:8000/account/security",
         *       "manage": "http://localhost:8000/account/security"
         *     }
         */
        PasskeyEndpoints: {
            /**
             * Format: uri
             * @description The URL of the page to add a passkey.
             */
            enroll: string;
            /**
             * Format: uri
             * @description The URL of the page to manage passkeys.
             */
            manage: string;
        };
        /**
         * @description A request for the options to use a passkey.
         * @example {}
         */
        PasskeyOptionsRequest: {
            /**
             * @description The challenge of a sign-in with a password, to use the passkey as second factor. Without it, the passkey suffices
             *     alone.
             */
            challenge?: string;
        };
        /**
         * @description A request for `navigator.credentials.get()`.
         * @example {
         *       "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e",
         *       "expires_in": 300,
         *       "public_key": {
         *         "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E",
         *         "rpId": "localhost",
         *         "timeout": 300000,
         *         "userVerification": "required"
         *       }
         *     }
         */
        PasskeyRequest: {
            /** @description The identifier of the challenge. */
            challenge_id: string;
            /**
             * Format: int64
             * @description The lifetime of the challenge, in seconds. Browsers ignore `timeout` in autofill, so a page that offers it has to
             *     request a new challenge in time.
             */
            expires_in: number;
            /** @description The options for `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
            public_key: components["schemas"]["RequestOptions"];
        };
        /**
         * @description A sign-in with a passkey.
         * @example {
         *       "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e",
         *       "credential": {
         *         "id": "AZM7HnwAcACAAC9uShucPQ",
         *         "rawId": "AZM7HnwAcACAAC9uShucPQ",
         *         "response": {
         *           "authenticatorData": "SZYN5YgOjGh0NBcPZHZgWw",
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *           "signature": "MEUCIQDv",
         *           "userHandle": "AZM7HnwAcACAAAAAAAAAAQ"
         *         },
         *         "type": "public-key"
         *       }
         *     }
         */
        PasskeySignInRequest: {
            /** @description The identifier of the challenge. */
            challenge_id: string;
            /** @description The response of the browser. */
            credential: components["schemas"]["AuthenticationResponse"];
            /** @description The transport of the refresh token; `body` by default. */
            transport?: components["schemas"]["Transport"];
        };
        /**
         * @description The password of a user.
         * @example {
         *       "changed_at": "2026-11-24T09:00:00.000000Z",
         *       "set": true
         *     }
         */
        PasswordFactor: {
            /**
             * Format: date-time
             * @description The time when it was set; `null` without one.
             */
            changed_at: string | null;
            /** @description True if the user has a password. */
            set: boolean;
        };
        /**
         * @description The rules for new passwords.
         * @example {
         *       "max_length": 128,
         *       "min_length": 8
         *     }
         */
        PasswordRules: {
            /** @description The maximum number of code points. */
            max_length: number;
            /** @description The minimum number of code points. */
            min_length: number;
        };
        /**
         * @description A permission.
         * @example {
         *       "built_in": true,
         *       "description": "See any user",
         *       "name": "users:read"
         *     }
         */
        Permission: {
            /** @description True for built-in permissions. */
            built_in: boolean;
            /** @description A short description; `null` for permissions of other applications. */
            description: string | null;
            /** @description The name of the permission. */
            name: components["schemas"]["PermissionName"];
        };
        /**
         * @description The name of a permission.
         * @example users:read
         */
        PermissionName: string;
        /**
         * @description A preference of the server.
         * @enum {string}
         */
        Preference: "required" | "preferred";
        /**
         * @description The error response of a request (RFC 9457).
         * @example {
         *       "code": "email_taken",
         *       "detail": "Email already registered",
         *       "errors": [
         *         {
         *           "code": "taken",
         *           "detail": "Email already registered",
         *           "pointer": "/email"
         *         }
         *       ],
         *       "request_id": "01933b1e7c0070008000000000000000",
         *       "status": 400,
         *       "title": "Email already registered",
         *       "type": "http://localhost:8000/problems/email_taken"
         *     }
         */
        Problem: {
            /** @description The challenge to prove a second factor, with the code `second_factor_required` of a sign-in. */
            challenge?: string;
            /** @description The problem code, for programs. Codes never change. */
            code: components["schemas"]["ProblemCode"];
            /** @description An explanation of this occurrence, for people. */
            detail: string;
            /** @description The fields that caused the problem. */
            errors?: components["schemas"]["FieldProblem"][];
            /**
             * Format: int64
             * @description The lifetime of the challenge, in seconds.
             */
            expires_in?: number;
            /**
             * Format: int64
             * @description The time for which a proof of identity suffices, in seconds, with the code `step_up_required`.
             */
            max_age?: number;
            /**
             * @description The methods by which the user can prove who they are, with the codes `second_factor_required` and
             *     `step_up_required`.
             */
            methods?: components["schemas"]["ProofMethod"][];
            /** @description The missing permission, with the code `forbidden`. */
            permission?: string;
            /**
             * @description The reason in more detail, for programs: `already_verified` with the code `invalid_token`, or a reason of
             *     `origin_not_allowed`.
             */
            reason?: string;
            /** @description The identifier of the request, as in the log. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status code.
             */
            status: number;
            /** @description A short summary, the same for every problem with this code. */
            title: string;
            /**
             * Format: uri
             * @description The URL of a page about this code.
             */
            type: string;
        };
        /**
         * @description A problem code, for programs. Newer versions add codes.
         * @enum {string}
         */
        ProblemCode: "malformed_json" | "email_taken" | "invalid_token" | "unauthenticated" | "token_expired" | "session_revoked" | "invalid_credentials" | "unknown_passkey" | "forbidden" | "account_disabled" | "email_not_verified" | "second_factor_required" | "second_factor_enrolment_required" | "step_up_required" | "sign_up_closed" | "origin_not_allowed" | "user_not_found" | "role_not_found" | "session_not_found" | "passkey_not_found" | "not_found" | "method_not_allowed" | "request_timeout" | "last_admin" | "last_credential" | "totp_enabled" | "no_second_factor" | "passkey_registered" | "passkeys_unavailable" | "too_many_passkeys" | "built_in_role" | "role_name_taken" | "taken" | "in_use" | "idempotency_key_in_use" | "gone" | "stale" | "payload_too_large" | "unsupported_media_type" | "validation_failed" | "idempotency_key_reused" | "too_many_requests" | "internal" | "unavailable";
        /**
         * @description A method by which a user proves who they are.
         * @enum {string}
         */
        ProofMethod: "password" | "totp" | "passkey" | "recovery_code";
        /**
         * @description The recovery codes of a user.
         * @example {
         *       "remaining": 10
         *     }
         */
        RecoveryCodes: {
            /** @description The number of unused codes. */
            remaining: number;
        };
        /**
         * @description A request for new tokens.
         * @example {
         *       "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…"
         *     }
         */
        RefreshRequest: {
            /** @description The refresh token. If absent, the cookie is used; without a cookie, the response is 204. */
            refresh_token?: string;
            /** @description `cookie` if the refresh token is in the cookie. Cannot be combined with `refresh_token`. */
            transport?: components["schemas"]["Transport"];
        };
        /**
         * @description The response of `navigator.credentials.create()`, as `toJSON()` returns it (`RegistrationResponseJSON`). Other members are
         *     ignored.
         * @example {
         *       "clientExtensionResults": {
         *         "credProps": {
         *           "rk": true
         *         }
         *       },
         *       "id": "AZM7HnwAcACAAC9uShucPQ",
         *       "rawId": "AZM7HnwAcACAAC9uShucPQ",
         *       "response": {
         *         "attestationObject": "o2NmbXRkbm9uZQ",
         *         "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *         "transports": [
         *           "internal"
         *         ]
         *       },
         *       "type": "public-key"
         *     }
         */
        RegistrationResponse: {
            /** @description The results of extensions. Only `credProps.rk` is read. */
            clientExtensionResults?: components["schemas"]["ExtensionResults"];
            /** @description The identifier of the credential, in base64url. */
            id: string;
            /** @description The same as `id`. */
            rawId: string;
            /** @description The response of the authenticator. */
            response: components["schemas"]["AttestationResponse"];
            /** @description The kind of credential. */
            type: components["schemas"]["CredentialType"];
        };
        /**
         * @description The origins that may use the passkeys of this server.
         * @example {
         *       "origins": [
         *         "http://localhost:8000"
         *       ]
         *     }
         */
        RelatedOrigins: {
            /** @description The origins. */
            origins: string[];
        };
        /**
         * @description A relying party.
         * @example {
         *       "id": "localhost",
         *       "name": "localhost"
         *     }
         */
        RelyingParty: {
            /** @description Its identifier, a host name. */
            id: string;
            /** @description Its name. */
            name: string;
        };
        /**
         * @description The options to use a passkey (`PublicKeyCredentialRequestOptionsJSON`).
         * @example {
         *       "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E",
         *       "rpId": "localhost",
         *       "timeout": 300000,
         *       "userVerification": "required"
         *     }
         */
        RequestOptions: {
            /** @description The passkeys of the user; absent if the user is not known yet. */
            allowCredentials?: components["schemas"]["CredentialDescriptor"][];
            /** @description 32 random bytes, in base64url. */
            challenge: string;
            /** @description The identifier of the relying party. */
            rpId: string;
            /**
             * Format: int64
             * @description The time for the user to respond, in milliseconds.
             */
            timeout: number;
            /** @description `required` to sign in with the passkey alone, `preferred` as second factor. */
            userVerification: components["schemas"]["Preference"];
        };
        /**
         * @description A new password, set with the token of a link.
         * @example {
         *       "new_password": "staple remembered twice",
         *       "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        ResetPasswordRequest: {
            /** @description The new password, 8 to 128 code points, not a common password. */
            new_password: string;
            /** @description The token from the link. */
            token: string;
        };
        /**
         * @description A named set of permissions.
         * @example {
         *       "built_in": false,
         *       "created_at": "2026-11-24T09:00:00.000000Z",
         *       "description": "Helps people who cannot sign in",
         *       "id": "01933b1e-7c00-7000-8000-77aa0d1c2b3e",
         *       "name": "support",
         *       "permissions": [
         *         "sessions:revoke",
         *         "users:read"
         *       ],
         *       "requires_second_factor": false,
         *       "updated_at": "2026-11-24T09:00:00.000000Z"
         *     }
         */
        Role: {
            /** @description True for built-in roles. */
            built_in: boolean;
            /**
             * Format: date-time
             * @description The time of creation.
             */
            created_at: string;
            /** @description The purpose of the role. */
            description: string | null;
            /**
             * Format: uuid
             * @description The identifier of the role, a version 7 UUID.
             */
            id: string;
            /** @description The unique name of the role. */
            name: components["schemas"]["RoleName"];
            /** @description The names of the permissions, sorted. For `admin`, every built-in permission. */
            permissions: components["schemas"]["PermissionName"][];
            /** @description True if the permissions are in force only for users with a second factor. */
            requires_second_factor: boolean;
            /**
             * Format: date-time
             * @description The time of the last change.
             */
            updated_at: string;
        };
        /**
         * @description The name of a role.
         * @example member
         */
        RoleName: string;
        /** @description A role in a list. */
        RoleRow: components["schemas"]["Role"] & {
            /**
             * Format: int64
             * @description The number of users with this role.
             */
            user_count: number;
        };
        /**
         * @description The proof of a second factor after a correct password.
         * @example {
         *       "challenge": "AZM7HnwAcACAAC9uShucPQ0X…",
         *       "code": "123456",
         *       "method": "totp"
         *     }
         */
        SecondFactorRequest: {
            /** @description The challenge that the sign-in returned. */
            challenge: string;
            /** @description The code. */
            code: string;
            /** @enum {string} */
            method: "totp";
            /** @description The transport of the refresh token; `body` by default. */
            transport?: components["schemas"]["Transport"];
        } | {
            /** @description The challenge that the sign-in returned. */
            challenge: string;
            /** @description The code. Case, hyphens and blanks are ignored. */
            code: string;
            /** @enum {string} */
            method: "recovery_code";
            /** @description The transport of the refresh token; `body` by default. */
            transport?: components["schemas"]["Transport"];
        } | {
            /** @description The challenge that the sign-in returned. */
            challenge: string;
            /** @description The response of the browser to the options that were requested with this challenge. */
            credential: components["schemas"]["AuthenticationResponse"];
            /** @enum {string} */
            method: "passkey";
            /** @description The transport of the refresh token; `body` by default. */
            transport?: components["schemas"]["Transport"];
        };
        /**
         * @description A live session.
         * @example {
         *       "created_at": "2026-11-24T09:00:00.000000Z",
         *       "current": true,
         *       "expires_at": "2026-12-24T09:00:00.000000Z",
         *       "id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
         *       "idle_expires_at": null,
         *       "ip_address": "127.0.0.1",
         *       "last_used_at": "2026-11-24T09:30:00.000000Z",
         *       "user_agent": "curl/8.9.1"
         *     }
         */
        Session: {
            /**
             * Format: date-time
             * @description The time of the sign-in.
             */
            created_at: string;
            /** @description True for the session of the request. */
            current: boolean;
            /**
             * Format: date-time
             * @description The time when the session expires.
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description The identifier of the session, which is the `sid` claim of its access tokens.
             */
            id: string;
            /**
             * Format: date-time
             * @description The time when the session expires if it is not used; `null` without an idle timeout.
             */
            idle_expires_at: string | null;
            /** @description The IP address of the sign-in. */
            ip_address: string | null;
            /**
             * Format: date-time
             * @description The time of the last refresh, or of the sign-in if there was none. With an idle timeout, the approximate time of the
             *     last request.
             */
            last_used_at: string;
            /** @description The `User-Agent` of the sign-in. */
            user_agent: string | null;
        };
        /**
         * @description The settings that a web app needs before a user signs in.
         * @example {
         *       "mail": false,
         *       "passkeys": true,
         *       "password": {
         *         "max_length": 128,
         *         "min_length": 8
         *       },
         *       "require_verified_email": false,
         *       "setup_required": false,
         *       "sign_up": "open"
         *     }
         */
        SettingsResponse: {
            /** @description True if the server delivers email. */
            mail: boolean;
            /** @description True if users can have passkeys. The host of the public URL is then not an IP address. */
            passkeys: boolean;
            /** @description The rules for new passwords. */
            password: components["schemas"]["PasswordRules"];
            /** @description True if users must verify their email address before they can sign in. */
            require_verified_email: boolean;
            /** @description True until the first administrator is created. */
            setup_required: boolean;
            /** @description The sign-up policy. */
            sign_up: components["schemas"]["SignUpName"];
        };
        /**
         * @description The first administrator to create.
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery",
         *       "token": "m3kYc1Wb3v0lJt5o0Yt0m5n9mDq7M5l8d0rXb1b8m2E"
         *     }
         */
        SetupRequest: {
            /**
             * Format: email
             * @description The email address for sign-in, at most 254 bytes.
             */
            email: string;
            /** @description The password, 8 to 128 code points, not a common password. */
            password: string;
            /** @description The token from the link that the server prints at startup. */
            token: string;
        };
        /**
         * @description A user's ability to sign in now.
         * @example {
         *       "allowed": true,
         *       "reasons": []
         *     }
         */
        SignIn: {
            /** @description True if the user can sign in. */
            allowed: boolean;
            /** @description The reasons why the user cannot sign in; empty if `allowed`. */
            reasons: components["schemas"]["SignInBlocker"][];
        };
        /**
         * @description A reason that prevents a user from signing in.
         * @example {
         *       "code": "too_many_attempts",
         *       "until": "2026-11-24T09:01:00.000000Z"
         *     }
         */
        SignInBlocker: {
            /** @description The reason. `too_many_attempts` applies only to clients from unknown networks and devices. */
            code: components["schemas"]["SignInBlockerCode"];
            /**
             * Format: date-time
             * @description The time when it ends without intervention; `null` if it does not.
             */
            until: string | null;
        };
        /**
         * @description The code of a reason that prevents a user from signing in.
         * @enum {string}
         */
        SignInBlockerCode: "disabled" | "email_not_verified" | "no_password" | "too_many_attempts";
        /**
         * @description The sign-up policy.
         * @enum {string}
         */
        SignUpName: "open" | "closed";
        /**
         * @description The status of a user.
         * @enum {string}
         */
        Status: "active" | "disabled";
        /**
         * @description A proof of identity: `password`, `method` and `code`, or `challenge_id` and `credential`.
         * @example {
         *       "password": "correct horse battery"
         *     }
         */
        StepUpRequest: {
            /** @description The password. */
            password: string;
        } | {
            /** @description The code. */
            code: string;
            /** @description The kind of code. */
            method: components["schemas"]["CodeMethod"];
        } | {
            /** @description The identifier of the challenge. */
            challenge_id: string;
            /** @description The response of the browser. */
            credential: components["schemas"]["AuthenticationResponse"];
        };
        /**
         * @description A kind of resource that an event affected.
         * @enum {string}
         */
        TargetKind: "role" | "session" | "user";
        /**
         * @description The tokens of a session.
         * @example {
         *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzM2IxZSJ9.c2lnbmF0dXJl",
         *       "expires_in": 1800,
         *       "refresh_expires_in": 2592000,
         *       "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…",
         *       "session_id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
         *       "token_type": "bearer"
         *     }
         */
        TokenResponse: {
            /**
             * @description The access token for the `Authorization` header, after `Bearer `. At most 4,096 bytes; the claim `roles` is
             *     omitted from a token that would be longer.
             */
            access_token: string;
            /**
             * Format: int64
             * @description The lifetime of the access token, in seconds.
             */
            expires_in: number;
            /**
             * Format: int64
             * @description The remaining lifetime of the session, in seconds.
             */
            refresh_expires_in: number;
            /** @description The refresh token, which can be used once. Absent with the transport `cookie`. */
            refresh_token?: string;
            /**
             * Format: uuid
             * @description The identifier of the session.
             */
            session_id: string;
            /** @description The type of the access token. */
            token_type: components["schemas"]["TokenType"];
        };
        /**
         * @description A type of access token (RFC 6750).
         * @enum {string}
         */
        TokenType: "bearer";
        /**
         * @description An authenticator app.
         * @example {
         *       "confirmed_at": "2026-11-24T09:00:00.000000Z"
         *     }
         */
        TotpFactor: {
            /**
             * Format: date-time
             * @description The time when it was confirmed.
             */
            confirmed_at: string;
        };
        /**
         * @description The transport of the refresh token.
         * @enum {string}
         */
        Transport: "body" | "cookie";
        /**
         * @description Changes to the current user. Absent members are unchanged.
         * @example {
         *       "display_name": "Ada King"
         *     }
         */
        UpdateMeRequest: {
            /** @description The display name, 1 to 200 code points; `null` removes it. */
            display_name?: string | null;
        };
        /**
         * @description A change of a passkey. Absent members are unchanged.
         * @example {
         *       "name": "Phone"
         *     }
         */
        UpdatePasskeyRequest: {
            /** @description The name, 1 to 100 code points. */
            name?: string;
        };
        /**
         * @description Changes to a role. Absent members are unchanged.
         * @example {
         *       "permissions": [
         *         "users:read"
         *       ]
         *     }
         */
        UpdateRoleRequest: {
            /** @description The purpose of the role, 1 to 500 code points; `null` removes it. */
            description?: string | null;
            /** @description The unique name of the role. */
            name?: components["schemas"]["RoleName"];
            /** @description The names of the permissions. All other permissions are removed from the role. */
            permissions?: components["schemas"]["PermissionName"][];
            /**
             * @description True if the permissions are in force only for users with a second factor. For `admin`, this is the only change
             *     that is allowed, and only an administrator with a second factor can require one.
             */
            requires_second_factor?: boolean;
        };
        /**
         * @description Changes to a user. Absent members are unchanged.
         * @example {
         *       "status": "disabled"
         *     }
         */
        UpdateUserRequest: {
            /** @description The display name, 1 to 200 code points; `null` removes it. */
            display_name?: string | null;
            /**
             * Format: email
             * @description The email address for sign-in, at most 254 bytes.
             */
            email?: string;
            /** @description Marks the email address as verified or unverified. A new address is unverified by default. */
            email_verified?: boolean;
            /** @description The status. Disabling a user revokes their sessions. */
            status?: components["schemas"]["Status"];
        };
        /**
         * @description A user.
         * @example {
         *       "created_at": "2026-11-24T09:00:00.000000Z",
         *       "display_name": "Ada Lovelace",
         *       "email": "ada@example.com",
         *       "email_verified": false,
         *       "id": "01933b1e-7c00-7000-8000-2f6e4a1b9c3d",
         *       "roles": [
         *         "member"
         *       ],
         *       "status": "active",
         *       "updated_at": "2026-11-24T09:00:00.000000Z"
         *     }
         */
        User: {
            /**
             * Format: date-time
             * @description The time of creation.
             */
            created_at: string;
            /** @description The display name. */
            display_name: string | null;
            /** @description The email address for sign-in, as entered. */
            email: string;
            /** @description True if the email address is verified. */
            email_verified: boolean;
            /**
             * Format: uuid
             * @description The identifier of the user, a version 7 UUID.
             */
            id: string;
            /** @description The names of the user's roles, sorted. */
            roles: components["schemas"]["RoleName"][];
            /** @description The status of the user. */
            status: components["schemas"]["Status"];
            /**
             * Format: date-time
             * @description The time of the last change.
             */
            updated_at: string;
        };
        /** @description A user in a list. */
        UserRow: components["schemas"]["User"] & {
            /** @description True if the user was invited and has not set a password yet. */
            invited: boolean;
            /**
             * Format: date-time
             * @description The time of the last sign-in.
             */
            last_sign_in_at: string | null;
        };
        /**
         * @description The verification of an email address.
         * @example {
         *       "password": "correct horse battery",
         *       "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        VerifyEmailRequest: {
            /** @description The password of the account. Required unless the request has an access token of the account. */
            password?: string;
            /** @description The token from the link. */
            token: string;
        };
        /**
         * @description The name and version of the service, and the paths of its documentation.
         * @example {
         *       "docs": "/docs/",
         *       "message": "Hello World",
         *       "name": "vestibule",
         *       "openapi": "/openapi.json",
         *       "version": "0.1.0"
         *     }
         */
        WelcomeResponse: {
            /** @description The path of Swagger UI. */
            docs: string;
            /** @description A greeting. */
            message: string;
            /** @description The name of the service. */
            name: string;
            /** @description The path of the OpenAPI document. */
            openapi: string;
            /** @description The version of the service. */
            version: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Access = components['schemas']['Access'];
export type ActorKind = components['schemas']['ActorKind'];
export type AddPasskeyRequest = components['schemas']['AddPasskeyRequest'];
export type AddedPasskey = components['schemas']['AddedPasskey'];
export type AssertionResponse = components['schemas']['AssertionResponse'];
export type AssignRolesRequest = components['schemas']['AssignRolesRequest'];
export type AttestationResponse = components['schemas']['AttestationResponse'];
export type AuditAction = components['schemas']['AuditAction'];
export type AuditEvent = components['schemas']['AuditEvent'];
export type AuthenticationResponse = components['schemas']['AuthenticationResponse'];
export type AuthenticatorSelection = components['schemas']['AuthenticatorSelection'];
export type ChangeEmailRequest = components['schemas']['ChangeEmailRequest'];
export type ChangePasswordRequest = components['schemas']['ChangePasswordRequest'];
export type CodeMethod = components['schemas']['CodeMethod'];
export type ConfirmEmailChangeRequest = components['schemas']['ConfirmEmailChangeRequest'];
export type ConfirmTotpRequest = components['schemas']['ConfirmTotpRequest'];
export type ConfirmedTotp = components['schemas']['ConfirmedTotp'];
export type CreateRoleRequest = components['schemas']['CreateRoleRequest'];
export type CreateUserRequest = components['schemas']['CreateUserRequest'];
export type CreationExtensions = components['schemas']['CreationExtensions'];
export type CreationOptions = components['schemas']['CreationOptions'];
export type CredentialDescriptor = components['schemas']['CredentialDescriptor'];
export type CredentialParameters = components['schemas']['CredentialParameters'];
export type CredentialProperties = components['schemas']['CredentialProperties'];
export type CredentialType = components['schemas']['CredentialType'];
export type CredentialUser = components['schemas']['CredentialUser'];
export type DeleteMeRequest = components['schemas']['DeleteMeRequest'];
export type EmailKind = components['schemas']['EmailKind'];
export type EventActor = components['schemas']['EventActor'];
export type EventTarget = components['schemas']['EventTarget'];
export type Export = components['schemas']['Export'];
export type ExtensionResults = components['schemas']['ExtensionResults'];
export type Factors = components['schemas']['Factors'];
export type FieldCode = components['schemas']['FieldCode'];
export type FieldProblem = components['schemas']['FieldProblem'];
export type GrantType = components['schemas']['GrantType'];
export type HealthResponse = components['schemas']['HealthResponse'];
export type HealthStatus = components['schemas']['HealthStatus'];
export type JwkResponse = components['schemas']['JwkResponse'];
export type JwksResponse = components['schemas']['JwksResponse'];
export type LinkRequest = components['schemas']['LinkRequest'];
export type LoginRequest = components['schemas']['LoginRequest'];
export type LogoutRequest = components['schemas']['LogoutRequest'];
export type Mail = components['schemas']['Mail'];
export type Me = components['schemas']['Me'];
export type NewPasskeyRequest = components['schemas']['NewPasskeyRequest'];
export type NewRecoveryCodes = components['schemas']['NewRecoveryCodes'];
export type NewTotp = components['schemas']['NewTotp'];
export type OAuthError = components['schemas']['OAuthError'];
export type OAuthErrorCode = components['schemas']['OAuthErrorCode'];
export type OAuthRequest = components['schemas']['OAuthRequest'];
export type OAuthTokenResponse = components['schemas']['OAuthTokenResponse'];
export type Passkey = components['schemas']['Passkey'];
export type PasskeyEndpoints = components['schemas']['PasskeyEndpoints'];
export type PasskeyOptionsRequest = components['schemas']['PasskeyOptionsRequest'];
export type PasskeyRequest = components['schemas']['PasskeyRequest'];
export type PasskeySignInRequest = components['schemas']['PasskeySignInRequest'];
export type PasswordFactor = components['schemas']['PasswordFactor'];
export type PasswordRules = components['schemas']['PasswordRules'];
export type Permission = components['schemas']['Permission'];
export type PermissionName = components['schemas']['PermissionName'];
export type Preference = components['schemas']['Preference'];
export type Problem = components['schemas']['Problem'];
export type ProblemCode = components['schemas']['ProblemCode'];
export type ProofMethod = components['schemas']['ProofMethod'];
export type RecoveryCodes = components['schemas']['RecoveryCodes'];
export type RefreshRequest = components['schemas']['RefreshRequest'];
export type RegistrationResponse = components['schemas']['RegistrationResponse'];
export type RelatedOrigins = components['schemas']['RelatedOrigins'];
export type RelyingParty = components['schemas']['RelyingParty'];
export type RequestOptions = components['schemas']['RequestOptions'];
export type ResetPasswordRequest = components['schemas']['ResetPasswordRequest'];
export type Role = components['schemas']['Role'];
export type RoleName = components['schemas']['RoleName'];
export type RoleRow = components['schemas']['RoleRow'];
export type SecondFactorRequest = components['schemas']['SecondFactorRequest'];
export type Session = components['schemas']['Session'];
export type SettingsResponse = components['schemas']['SettingsResponse'];
export type SetupRequest = components['schemas']['SetupRequest'];
export type SignIn = components['schemas']['SignIn'];
export type SignInBlocker = components['schemas']['SignInBlocker'];
export type SignInBlockerCode = components['schemas']['SignInBlockerCode'];
export type SignUpName = components['schemas']['SignUpName'];
export type Status = components['schemas']['Status'];
export type StepUpRequest = components['schemas']['StepUpRequest'];
export type TargetKind = components['schemas']['TargetKind'];
export type TokenResponse = components['schemas']['TokenResponse'];
export type TokenType = components['schemas']['TokenType'];
export type TotpFactor = components['schemas']['TotpFactor'];
export type Transport = components['schemas']['Transport'];
export type UpdateMeRequest = components['schemas']['UpdateMeRequest'];
export type UpdatePasskeyRequest = components['schemas']['UpdatePasskeyRequest'];
export type UpdateRoleRequest = components['schemas']['UpdateRoleRequest'];
export type UpdateUserRequest = components['schemas']['UpdateUserRequest'];
export type User = components['schemas']['User'];
export type UserRow = components['schemas']['UserRow'];
export type VerifyEmailRequest = components['schemas']['VerifyEmailRequest'];
export type WelcomeResponse = components['schemas']['WelcomeResponse'];
export type $defs = Record<string, never>;
export interface operations {
    getServiceInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The name, version and documentation paths */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WelcomeResponse"];
                };
            };
        };
    };
    changePasswordPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirect to the page */
            302: {
                headers: {
                    /** @description The path of the page */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getJwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON Web Key Set (RFC 7517) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwksResponse"];
                };
            };
        };
    };
    getPasskeyEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The URLs of the pages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyEndpoints"];
                };
            };
            /** @description `passkeys_unavailable`: Passkeys are not available */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRelatedOrigins: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The origins */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RelatedOrigins"];
                };
            };
            /** @description `passkeys_unavailable`: Passkeys are not available */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only events with this user as the actor.
                 * @example 01933b1e-7c00-7000-8000-000000000001
                 */
                actor?: string;
                /** @description Only events with this action. */
                action?: components["schemas"]["AuditAction"];
                /**
                 * @description Only events with this target.
                 * @example 01933b1e-7c00-7000-8000-000000000002
                 */
                target?: string;
                /**
                 * @description Only events at or after this time, in RFC 3339 format.
                 * @example 2026-11-24T00:00:00Z
                 */
                from?: string;
                /**
                 * @description Only events before this time, in RFC 3339 format.
                 * @example 2026-11-25T00:00:00Z
                 */
                to?: string;
                /**
                 * @description The maximum number of rows of a page, 1 to 200; 50 by default.
                 * @example 50
                 */
                limit?: number;
                /** @description The position of the page, from the `Link` header of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of audit events */
            200: {
                headers: {
                    /** @description The path of the next page, with `rel="next"`; absent on the last page */
                    Link?: string;
                    /** @description The number of matching events; on the first page only */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` above 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEvent"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmEmailChangeRequest"];
            };
        };
        responses: {
            /** @description The address is changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON; `email_taken`: Email already registered; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkRequest"];
            };
        };
        responses: {
            /** @description A link valid for 30 minutes is sent if an account has this address */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any value. Required with the cookie, together with an allowed `Origin`, which browsers send
                 * @example XMLHttpRequest
                 */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description The tokens of a new session */
            200: {
                headers: {
                    /** @description The refresh token, with the transport `cookie` */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: Invalid credentials */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_disabled`: The account is disabled; `email_not_verified`: The email address is not verified; `second_factor_required`: A second factor is required; `origin_not_allowed`: The origin is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any value. Required with the cookie, together with an allowed `Origin`, which browsers send
                 * @example XMLHttpRequest
                 */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LogoutRequest"];
            };
        };
        responses: {
            /** @description The sessions, if any, are revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `origin_not_allowed`: The origin is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signInWithPasskey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any value. Required with the cookie, together with an allowed `Origin`, which browsers send
                 * @example XMLHttpRequest
                 */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeySignInRequest"];
            };
        };
        responses: {
            /** @description The tokens of a new session */
            200: {
                headers: {
                    /** @description The refresh token, with the transport `cookie` */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: Invalid credentials; `unknown_passkey`: No account has this passkey */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_disabled`: The account is disabled; `email_not_verified`: The email address is not verified; `origin_not_allowed`: The origin is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkeys_unavailable`: Passkeys are not available */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PasskeyOptionsRequest"];
            };
        };
        responses: {
            /** @description The options and the challenge */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkeys_unavailable`: Passkeys are not available */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any value. Required with the cookie, together with an allowed `Origin`, which browsers send
                 * @example XMLHttpRequest
                 */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description New tokens of the same session */
            200: {
                headers: {
                    /** @description The refresh token, with the transport `cookie` */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description The request has no refresh token */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `session_revoked`: The session is no longer valid; `invalid_credentials`: Invalid credentials */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `origin_not_allowed`: The origin is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resendVerificationEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkRequest"];
            };
        };
        responses: {
            /** @description A link valid for 24 hours is sent if an account has this unverified address */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPasswordRequest"];
            };
        };
        responses: {
            /** @description The password is set */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proveSecondFactor: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any value. Required with the cookie, together with an allowed `Origin`, which browsers send
                 * @example XMLHttpRequest
                 */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorRequest"];
            };
        };
        responses: {
            /** @description The tokens of a new session */
            200: {
                headers: {
                    /** @description The refresh token, with the transport `cookie` */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: Invalid credentials */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_disabled`: The account is disabled; `email_not_verified`: The email address is not verified; `origin_not_allowed`: The origin is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stepUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpRequest"];
            };
        };
        responses: {
            /** @description The session has a recent proof of identity */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid; `invalid_credentials`: Invalid credentials */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_required`: A second factor is required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkeys_unavailable`: Passkeys are not available */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["OAuthRequest"];
            };
        };
        responses: {
            /** @description The tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthTokenResponse"];
                };
            };
            /** @description The request failed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyEmailRequest"];
            };
        };
        responses: {
            /** @description The address is verified */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPermissions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All permissions, sorted by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permission"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoles: {
        parameters: {
            query?: {
                /**
                 * @description The maximum number of rows of a page, 1 to 200; 50 by default.
                 * @example 50
                 */
                limit?: number;
                /** @description The position of the page, from the `Link` header of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of roles */
            200: {
                headers: {
                    /** @description The path of the next page, with `rel="next"`; absent on the last page */
                    Link?: string;
                    /** @description The number of roles; on the first page only */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` above 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleRow"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRole: {
        parameters: {
            query?: never;
            header?: {
                /** @description A quoted string. Retrying with the same key within 24 hours replays the original response */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRoleRequest"];
            };
        };
        responses: {
            /** @description The role */
            201: {
                headers: {
                    /** @description The version of the role */
                    ETag?: string;
                    /** @description The path of the role */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role_name_taken`: Role name already taken; `idempotency_key_in_use`: A request with this Idempotency-Key is in progress */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid; `idempotency_key_reused`: The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the role */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The role */
            200: {
                headers: {
                    /** @description The version of the role */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role_not_found`: Role not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRole: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the role; a different version returns 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description The identifier of the role */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The role is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role_not_found`: Role not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `built_in_role`: Not allowed for a built-in role; `in_use`: Other resources refer to this one */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource has been modified */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateRole: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the role; a different version returns 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description The identifier of the role */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRoleRequest"];
            };
        };
        responses: {
            /** @description The updated role */
            200: {
                headers: {
                    /** @description The version of the role */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role_not_found`: Role not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_second_factor`: Set up a second factor first; `built_in_role`: Not allowed for a built-in role; `role_name_taken`: Role name already taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource has been modified */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The public settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsResponse"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeSetup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            /** @description The created administrator */
            201: {
                headers: {
                    /** @description The version of the user */
                    ETag?: string;
                    /** @description The path of the user */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `email_taken`: Email already registered; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: No longer available */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /**
                 * @description A prefix of the email address or of a word of the display name, case-insensitive. Sorts by the matched text.
                 * @example ada
                 */
                q?: string;
                /**
                 * @description Only users with this status.
                 * @example active
                 */
                status?: components["schemas"]["Status"];
                /**
                 * @description Only users with this role, by name.
                 * @example member
                 */
                role?: components["schemas"]["RoleName"];
                /**
                 * @description Only users with one of these identifiers, separated by commas; at most 100.
                 * @example 01933b1e-7c00-7000-8000-2f6e4a1b9c3d
                 */
                ids?: string;
                /**
                 * @description The order: `created_at`, `-created_at` (newest first, the default), `email` or `-email`. Cannot be combined with
                 *     `q`.
                 */
                sort?: "created_at" | "-created_at" | "email" | "-email";
                /**
                 * @description The maximum number of rows of a page, 1 to 200; 50 by default.
                 * @example 50
                 */
                limit?: number;
                /** @description The position of the page, from the `Link` header of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of users */
            200: {
                headers: {
                    /** @description The path of the next page, with `rel="next"`; absent on the last page */
                    Link?: string;
                    /** @description The number of matching users; on the first page only */
                    "X-Total-Count"?: number;
                    /** @description `exact`; or `at_least` above 10,000, or above 1,000 with `q`, where the count may be a few seconds old */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRow"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description A quoted string. Retrying with the same key within 24 hours replays the original response. Ignored unless you are signed in */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUserRequest"];
            };
        };
        responses: {
            /** @description The created user */
            201: {
                headers: {
                    /** @description The version of the user */
                    ETag?: string;
                    /** @description The path of the user */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `email_taken`: Email already registered */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first; `sign_up_closed`: Sign-up is by invitation only */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_in_use`: A request with this Idempotency-Key is in progress */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid; `idempotency_key_reused`: The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The current user */
            200: {
                headers: {
                    /** @description The version of the user */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateCurrentUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the user; a different version returns 412 */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMeRequest"];
            };
        };
        responses: {
            /** @description The updated user */
            200: {
                headers: {
                    /** @description The version of the user */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource has been modified */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteMeRequest"];
            };
        };
        responses: {
            /** @description The account is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: At least one active administrator is required; `in_use`: Other resources refer to this one */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEmailRequest"];
            };
        };
        responses: {
            /** @description The change is pending until it is confirmed */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No email change is pending */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All data stored about the user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOwnFactors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The factors, without secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Factors"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddPasskeyRequest"];
            };
        };
        responses: {
            /** @description The passkey */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedPasskey"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkey_registered`: The passkey is registered already; `passkeys_unavailable`: Passkeys are not available; `too_many_passkeys`: Too many passkeys */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestNewPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The options and the challenge */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPasskeyRequest"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkeys_unavailable`: Passkeys are not available; `too_many_passkeys`: Too many passkeys */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deletePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the passkey */
                passkey_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The passkey is removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found; `passkey_not_found`: Passkey not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_credential`: The account would have no way to sign in */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updatePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the passkey */
                passkey_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdatePasskeyRequest"];
            };
        };
        responses: {
            /** @description The passkey */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found; `passkey_not_found`: Passkey not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description The password is changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaceRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ten codes, which are never shown again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewRecoveryCodes"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_second_factor`: Set up a second factor first */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOwnSessions: {
        parameters: {
            query?: {
                /**
                 * @description The maximum number of rows of a page, 1 to 200; 50 by default.
                 * @example 50
                 */
                limit?: number;
                /** @description The position of the page, from the `Link` header of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of live sessions, newest first */
            200: {
                headers: {
                    /** @description The path of the next page, with `rel="next"`; absent on the last page */
                    Link?: string;
                    /** @description The number of live sessions; on the first page only */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` above 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions except the current one are revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteOwnSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the session, which may be the current one */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found; `session_not_found`: Session not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret, which is never shown again */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewTotp"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `totp_enabled`: An authenticator app is set up already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account has no authenticator app */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmTotpRequest"];
            };
        };
        responses: {
            /** @description The app is in use */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfirmedTotp"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `invalid_token`: The token is invalid or has expired */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `totp_enabled`: An authenticator app is set up already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    /** @description The version of the user */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the user; a different version returns 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first; `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: At least one active administrator is required; `in_use`: Other resources refer to this one */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource has been modified */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the user; a different version returns 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateUserRequest"];
            };
        };
        responses: {
            /** @description The updated user */
            200: {
                headers: {
                    /** @description The version of the user */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON; `email_taken`: Email already registered */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first; `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: At least one active administrator is required */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource has been modified */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUserAccess: {
        parameters: {
            query?: {
                /**
                 * @description The name of the permission.
                 * @example users:read
                 */
                permission?: components["schemas"]["PermissionName"];
            };
            header?: never;
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user's access */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Access"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUserFactors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The factors, without secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Factors"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetUserFactors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user has no second factor */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first; `step_up_required`: Confirm that it is you */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_credential`: The account would have no way to sign in */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendPasswordLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A link is sent, valid for 30 minutes; an invitation is valid for 24 hours */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: Too many attempts */
            429: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaceUserRoles: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the user; a different version returns 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignRolesRequest"];
            };
        };
        responses: {
            /** @description The updated user */
            200: {
                headers: {
                    /** @description The version of the user */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The request body is not valid JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request body was not received in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: At least one active administrator is required */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource has been modified */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUserSessions: {
        parameters: {
            query?: {
                /**
                 * @description The maximum number of rows of a page, 1 to 200; 50 by default.
                 * @example 50
                 */
                limit?: number;
                /** @description The position of the page, from the `Link` header of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of live sessions, newest first */
            200: {
                headers: {
                    /** @description The path of the next page, with `rel="next"`; absent on the last page */
                    Link?: string;
                    /** @description The number of live sessions; on the first page only */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` above 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identifier of the user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions of the user are revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session is no longer valid */
            401: {
                headers: {
                    /** @description The authentication scheme (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Permission denied; `second_factor_enrolment_required`: Set up a second factor first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is running */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is ready */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            /** @description `unavailable`: Service temporarily unavailable */
            503: {
                headers: {
                    /** @description The time until a retry may succeed, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProblemType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The code of the problem
                 * @example email_taken
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page about the problem */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `not_found`: Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
