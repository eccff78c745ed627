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
         * Say hello
         * @description A browser gets a page.
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
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the public keys of access tokens
         * @description Other services verify access tokens with them. There are none while tokens are signed with HMAC.
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
    "/api/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit events
         * @description The newest first. The `Link` header leads to the next page.
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
         * Confirm another address
         * @description From now on it is the one to sign in with.
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
         * Ask for a link to choose another password
         * @description The answer is the same whether somebody has the address or not.
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
         * @description A wrong password and an unknown address are answered alike. A cookie of an earlier session is replaced, and that
         *     session ends.
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
         * @description Ends the session of the access token, be it expired, that of the refresh token and that of the cookie,
         *     whichever of them are sent.
         */
        post: operations["logout"];
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
         * Get new tokens
         * @description The refresh token is replaced. For some seconds after that, the old and the new one both give the
         *     same tokens, so that a retry does no harm; the old one used later ends the session.
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
         * Ask for another link to verify an address
         * @description The answer is the same whether somebody has the address or not, and whether it is verified or not.
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
         * Choose a password by a link
         * @description Ends every session and every other link, and verifies the address. An invitation is redeemed here too.
         */
        post: operations["resetPassword"];
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
         * Get a token with OAuth 2.0
         * @description The password grant of RFC 6749 is there for Swagger UI and goes when it is switched off.
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
         * Verify an address
         * @description Needs, besides the token of the link, the account's own access token or its password: who reads the
         *     mailbox but did not make the account resets the password instead.
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
         * @description The built-in ones, and those of other applications that some role has.
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
         * @description By name. The `Link` header leads to the next page.
         */
        get: operations["listRoles"];
        put?: never;
        /**
         * Create a role
         * @description It needs every permission that the role is to have.
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
         * @description It is taken from its users. It needs every permission that the role has.
         */
        delete: operations["deleteRole"];
        options?: never;
        head?: never;
        /**
         * Change a role
         * @description It needs every permission that the role has before and after. `admin` cannot be changed, and
         *     `member` keeps its name.
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
         * Get what a web app needs to know
         * @description Nobody has to be signed in for it.
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
         * Make the first administrator
         * @description It needs the token in the link that the server prints at its start, until somebody has been an
         *     administrator. An account that exists is never made one by this.
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
         * @description The newest first, or in the order of `sort`, or, with `q`, by what matched. The `Link` header leads
         *     to the next page.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user
         * @description Anyone may sign up while sign-up is open. To say which roles the user has, to leave out the password, or
         *     to create one while sign-up is closed, needs `users:create`, and for `roles` also `roles:assign` and
         *     every permission of these roles. A link is mailed: to verify the address, or, without a password, to
         *     choose one.
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
         * Get oneself
         * @description With what one may do now.
         */
        get: operations["getCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change oneself */
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
        /**
         * Delete oneself
         * @description For good.
         */
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
         * Ask for another address
         * @description It takes effect once it is confirmed by the link that is mailed to it, for 30 minutes. The answer is the
         *     same when somebody else has the address; then there is no link.
         */
        post: operations["requestEmailChange"];
        /**
         * Keep one's address
         * @description The link that was mailed to another one leads nowhere any more.
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
         * Get everything that is stored about oneself
         * @description Save what is secret, and nothing about other people. The document is written while it is read: when that
         *     fails half-way, the connection is closed before its end.
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
    "/api/users/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change one's password
         * @description Ends all other sessions.
         */
        put: operations["changePassword"];
        post?: never;
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
         * List one's sessions
         * @description There are at most 100: a further sign-in revokes the one that was used least recently. The `Link` header
         *     leads to the next page.
         */
        get: operations["listOwnSessions"];
        put?: never;
        post?: never;
        /** End one's other sessions */
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
        /** End one of one's sessions */
        delete: operations["deleteOwnSession"];
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
         * @description Needs `users:read`, save for oneself.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description For good. Needs every permission that the user has.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change a user
         * @description Needs every permission that the user has. Disabling ends the user's sessions.
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
         * Explain what a user may do
         * @description Tells which roles give the user a permission, and what keeps the user from signing in now. Needs
         *     `users:read` and `roles:read`, save for oneself.
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
         * @description Needs every permission that the user has, and every permission of the roles that are given or taken.
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
         * @description The `Link` header leads to the next page.
         */
        get: operations["listUserSessions"];
        put?: never;
        post?: never;
        /**
         * End the sessions of a user
         * @description Needs every permission that the user has.
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
        /** Tell whether the process runs */
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
         * Tell whether the server can do its work
         * @description It cannot while the database does not answer, lacks a migration, or is set up so that it could lose
         *     what it acknowledged.
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
         * Explain a problem
         * @description The `type` of each problem is the address of its page.
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
         * @description What somebody may do, and why.
         * @example {
         *       "granted": true,
         *       "permission": "users:read",
         *       "roles": [
         *         "admin"
         *       ],
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
            /** @description Whether the user has it. */
            granted: boolean;
            /** @description The permission in question; `null` when none is. */
            permission: string | null;
            /** @description The roles that give it. */
            roles: string[];
            /** @description Whether the user can sign in now. */
            sign_in: components["schemas"]["SignIn"];
        };
        /**
         * @description The roles that a user is to have.
         * @example {
         *       "roles": [
         *         "member"
         *       ]
         *     }
         */
        AssignRolesRequest: {
            /** @description Their names; all others are taken away. */
            roles: components["schemas"]["RoleName"][];
        };
        /**
         * @description Something that was done, or refused.
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
            /** @description What was done, as `resource.verb`. */
            action: string;
            /** @description Who did it. */
            actor: components["schemas"]["EventActor"];
            /** @description What else there is to know, by name: words, numbers and lists of names. */
            details: Record<string, unknown>;
            /**
             * Format: uuid
             * @description Its identifier.
             */
            id: string;
            /** @description The address of the client. */
            ip_address: string | null;
            /**
             * Format: date-time
             * @description When it was done.
             */
            occurred_at: string;
            /** @description The identifier under which the log knows the request. */
            request_id: string | null;
            target: components["schemas"]["EventTarget"] | null;
            /** @description The `User-Agent` of the client. */
            user_agent: string | null;
        };
        /**
         * @description A wish for another address.
         * @example {
         *       "current_password": "correct horse battery",
         *       "new_email": "ada.king@example.com"
         *     }
         */
        ChangeEmailRequest: {
            /**
             * Format: password
             * @description The password.
             */
            current_password: string;
            /**
             * Format: email
             * @description The address to sign in with from the confirmation on, at most 254 bytes.
             */
            new_email: string;
        };
        /**
         * @description A change of one's own password.
         * @example {
         *       "current_password": "correct horse battery",
         *       "new_password": "staple remembered twice"
         *     }
         */
        ChangePasswordRequest: {
            /**
             * Format: password
             * @description The password until now.
             */
            current_password: string;
            /**
             * Format: password
             * @description The one from now on, 8 to 128 code points and not a common one.
             */
            new_password: string;
        };
        /**
         * @description Somebody confirms a new address.
         * @example {
         *       "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        ConfirmEmailChangeRequest: {
            /** @description The token of the link. */
            token: string;
        };
        /**
         * @description A role to be made.
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
            /** @description What it is for, 1 to 500 code points. */
            description?: string | null;
            /** @description Its name. */
            name: components["schemas"]["RoleName"];
            /** @description What it permits; nothing when absent. */
            permissions?: components["schemas"]["PermissionName"][];
        };
        /**
         * @description An account to be made.
         * @example {
         *       "display_name": "Ada Lovelace",
         *       "email": "ada@example.com",
         *       "password": "correct horse battery"
         *     }
         */
        CreateUserRequest: {
            /** @description The name to show, 1 to 200 code points. */
            display_name?: string | null;
            /**
             * Format: email
             * @description The address to sign in with, at most 254 bytes.
             */
            email: string;
            /**
             * Format: password
             * @description The password to sign in with, 8 to 128 code points and not a common one. With `users:create` it may be
             *     absent: then the person gets a link to choose it.
             */
            password?: string;
            /** @description The names of the roles to give; `member` when absent. Needs `users:create` and `roles:assign`. */
            roles?: components["schemas"]["RoleName"][];
        };
        /**
         * @description The removal of one's own account.
         * @example {
         *       "current_password": "correct horse battery"
         *     }
         */
        DeleteMeRequest: {
            /**
             * Format: password
             * @description The password.
             */
            current_password: string;
        };
        /**
         * @description Who did something.
         * @example {
         *       "id": "01933b1e-7c00-7000-8000-000000000001",
         *       "kind": "user"
         *     }
         */
        EventActor: {
            /**
             * Format: uuid
             * @description The user, who may be deleted by now.
             */
            id: string | null;
            /**
             * @description `user`, `anonymous`, `cli` for the operator at the command line, or `system` for the server itself. A
             *     newer version may add others.
             */
            kind: string;
        };
        /**
         * @description To whom or what something was done.
         * @example {
         *       "id": "01933b1e-7c00-7000-8000-000000000002",
         *       "kind": "user"
         *     }
         */
        EventTarget: {
            /**
             * Format: uuid
             * @description Its identifier.
             */
            id: string;
            /** @description `user`, `role` or `session`. A newer version may add others. */
            kind: string;
        };
        /**
         * @description Everything that is stored about the user who asks, save what is secret.
         * @example {
         *       "audit_events": [],
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
            /**
             * @description What the user did and what was done to the user, the newest first. Who else did it, and from
             *     where, is left out.
             */
            audit_events: components["schemas"]["AuditEvent"][];
            /**
             * Format: date-time
             * @description When the user last signed in.
             */
            last_sign_in_at: string | null;
            /** @description The mails that wait to be sent to the user, the newest first. */
            mails: components["schemas"]["Mail"][];
            /**
             * Format: date-time
             * @description When the password was chosen; `null` without one.
             */
            password_changed_at: string | null;
            /** @description The address that the user asked to change to and has not confirmed yet. */
            pending_email: string | null;
            /**
             * @description All sessions that are remembered, the newest first; those that are over are forgotten some days
             *     later.
             */
            sessions: components["schemas"]["Session"][];
            /** @description The account. */
            user: components["schemas"]["User"];
        };
        /**
         * @description What is wrong with a field, for programs. It never changes.
         * @enum {string}
         */
        FieldCode: "required" | "unknown_field" | "invalid_type" | "invalid_format" | "too_short" | "too_long" | "out_of_range" | "not_allowed_value" | "unknown" | "taken" | "common_password" | "wrong_password";
        /** @description What is wrong with one field. */
        FieldProblem: (({
            /** @description A JSON Pointer into the body (RFC 6901). */
            pointer: string;
        } | {
            /** @description The name of a parameter of the path or the query. */
            parameter: string;
        }) & Record<string, unknown>) & {
            /** @description For programs. It never changes. */
            code: components["schemas"]["FieldCode"];
            /** @description A sentence for a person. */
            detail: string;
        };
        /**
         * @description Whether the service is well.
         * @example {
         *       "status": "ok"
         *     }
         */
        HealthResponse: {
            /** @description Always `ok`: another answer has another status. */
            status: string;
        };
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
            /** @description `EdDSA` or `ES256`. */
            alg: string;
            /** @description `Ed25519` or `P-256`. */
            crv: string;
            /** @description The name of the key, its thumbprint (RFC 7638). */
            kid: string;
            /** @description `OKP` for Ed25519 (RFC 8037), `EC` for P-256 (RFC 7518, section 6.2). */
            kty: string;
            /** @description Always `sig`. */
            use: string;
            /** @description The key, or one coordinate of it, in base64url. */
            x: string;
            /** @description The other coordinate of a P-256 key. */
            y?: string;
        };
        /**
         * @description The public keys of access tokens (RFC 7517, section 5). It serves the document only: the keys travel
         *     as text that is made once.
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
            /** @description The keys; none when tokens are signed with HMAC. */
            keys: components["schemas"]["JwkResponse"][];
        };
        /**
         * @description Somebody asks for a link.
         * @example {
         *       "email": "ada@example.com"
         *     }
         */
        LinkRequest: {
            /**
             * Format: email
             * @description The address of the account.
             */
            email: string;
        };
        /**
         * @description Somebody signs in.
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery"
         *     }
         */
        LoginRequest: {
            /** @description The address of the account. */
            email: string;
            /**
             * Format: password
             * @description The password of the account.
             */
            password: string;
            /** @description How the refresh token is to travel; `body` when absent. */
            transport?: components["schemas"]["Transport"];
        };
        /**
         * @description Somebody signs out.
         * @example {
         *       "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…"
         *     }
         */
        LogoutRequest: {
            /** @description The refresh token of the session to end, when no access token tells which. */
            refresh_token?: string;
        };
        /**
         * @description A mail that waits to be sent.
         * @example {
         *       "address": "ada@example.com",
         *       "created_at": "2026-11-24T09:00:00.000000Z",
         *       "kind": "verify_email"
         *     }
         */
        Mail: {
            /** @description Where it goes; `null` when it goes nowhere. */
            address: string | null;
            /**
             * Format: date-time
             * @description When it was written.
             */
            created_at: string;
            /** @description What it tells. */
            kind: string;
        };
        /** @description The user who asks. */
        Me: components["schemas"]["User"] & {
            /** @description The address that the user asked to change to and has not confirmed yet. */
            pending_email: string | null;
            /** @description What the user may do now, sorted. `admin` shows every built-in permission. */
            permissions: components["schemas"]["PermissionName"][];
        };
        /**
         * @description Why a token request failed (RFC 6749, section 5.2).
         * @example {
         *       "error": "invalid_grant",
         *       "error_description": "The username or the password is wrong"
         *     }
         */
        OAuthError: {
            /** @description For programs. */
            error: components["schemas"]["OAuthErrorCode"];
            /** @description For people. */
            error_description: string;
        };
        /**
         * @description Why a token request failed, for programs.
         * @enum {string}
         */
        OAuthErrorCode: "invalid_request" | "invalid_grant" | "unsupported_grant_type";
        /**
         * @description A token request as OAuth 2.0 has it (RFC 6749, sections 4.3.2 and 6). Other members are ignored.
         * @example {
         *       "grant_type": "password",
         *       "password": "correct horse battery",
         *       "username": "ada@example.com"
         *     }
         */
        OAuthRequest: {
            /** @description `password` or `refresh_token`. */
            grant_type?: string | null;
            /**
             * Format: password
             * @description The password of the account, for `password`.
             */
            password?: string | null;
            /** @description The refresh token, for `refresh_token`. */
            refresh_token?: string | null;
            /** @description The address of the account, for `password`. */
            username?: string | null;
        };
        /**
         * @description The answer to a token request (RFC 6749, section 5.1).
         * @example {
         *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzM2IxZSJ9.c2lnbmF0dXJl",
         *       "expires_in": 1800,
         *       "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…",
         *       "token_type": "bearer"
         *     }
         */
        OAuthTokenResponse: {
            /**
             * @description Goes into the `Authorization` header, after `Bearer `. At most 4,096 bytes long: the claim `roles` is left
             *     out of a token that would be longer.
             */
            access_token: string;
            /**
             * Format: int64
             * @description How long the access token is good for, in seconds.
             */
            expires_in: number;
            /** @description Gives new tokens, once. */
            refresh_token: string;
            /** @description Always `bearer`. */
            token_type: string;
        };
        /**
         * @description What keeps somebody from signing in.
         * @example {
         *       "code": "too_many_attempts",
         *       "until": "2026-11-24T09:01:00.000000Z"
         *     }
         */
        Obstacle: {
            /**
             * @description `disabled`, `email_not_verified`, `no_password`, or `too_many_attempts` for who comes from where the account knows
             *     nobody.
             */
            code: string;
            /**
             * Format: date-time
             * @description When it will be over by itself.
             */
            until: string | null;
        };
        /**
         * @description The rules for new passwords.
         * @example {
         *       "max_length": 128,
         *       "min_length": 8
         *     }
         */
        PasswordRules: {
            /** @description The most code points. */
            max_length: number;
            /** @description The least number of code points. */
            min_length: number;
        };
        /**
         * @description A permission that roles can have.
         * @example {
         *       "built_in": true,
         *       "description": "See any user",
         *       "name": "users:read"
         *     }
         */
        Permission: {
            /** @description Whether it comes with every installation. */
            built_in: boolean;
            /** @description What it permits; unknown of those that other applications brought. */
            description: string | null;
            /** @description Its name. */
            name: components["schemas"]["PermissionName"];
        };
        /**
         * @description The name of a permission.
         * @example users:read
         */
        PermissionName: string;
        /**
         * @description What went wrong with a request.
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
            /** @description For programs. It never changes. */
            code: string;
            /** @description A sentence for a person. */
            detail: string;
            /** @description The fields that are to blame. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description The permission that is missing. */
            permission?: string | null;
            /** @description The identifier under which the log knows the request. */
            request_id: string;
            /**
             * Format: int32
             * @description The status of the answer.
             */
            status: number;
            /** @description The same for each problem with this code. */
            title: string;
            /**
             * Format: uri
             * @description The address of a page about this code.
             */
            type: string;
        };
        /**
         * @description Somebody wants new tokens.
         * @example {
         *       "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…"
         *     }
         */
        RefreshRequest: {
            /** @description The refresh token. Without one the cookie counts, and without that the answer is 204. */
            refresh_token?: string;
            /** @description `cookie` when the refresh token is in the cookie. Not together with `refresh_token`. */
            transport?: components["schemas"]["Transport"];
        };
        /**
         * @description Somebody chooses a password by a link.
         * @example {
         *       "new_password": "staple remembered twice",
         *       "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        ResetPasswordRequest: {
            /**
             * Format: password
             * @description The password from now on, 8 to 128 code points and not a common one.
             */
            new_password: string;
            /** @description The token of the link. */
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
         *       "updated_at": "2026-11-24T09:00:00.000000Z"
         *     }
         */
        Role: {
            /** @description Whether it comes with every installation. */
            built_in: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description What it is for. */
            description: string | null;
            /**
             * Format: uuid
             * @description The role's identifier, a UUID.
             */
            id: string;
            /** @description Its name, unique. */
            name: components["schemas"]["RoleName"];
            /** @description What it permits, sorted. `admin` shows every built-in permission. */
            permissions: components["schemas"]["PermissionName"][];
            /**
             * Format: date-time
             * @description When it was last changed.
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
             * @description How many users have it.
             */
            user_count: number;
        };
        /**
         * @description A live session.
         * @example {
         *       "created_at": "2026-11-24T09:00:00.000000Z",
         *       "current": true,
         *       "expires_at": "2026-12-24T09:00:00.000000Z",
         *       "id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
         *       "ip_address": "127.0.0.1",
         *       "last_used_at": "2026-11-24T09:30:00.000000Z",
         *       "user_agent": "curl/8.9.1"
         *     }
         */
        Session: {
            /**
             * Format: date-time
             * @description When the user signed in.
             */
            created_at: string;
            /** @description Whether the request was made in it. */
            current: boolean;
            /**
             * Format: date-time
             * @description When it ends in any case.
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description Its identifier, the `sid` of its access tokens.
             */
            id: string;
            /** @description The address from which it was started. */
            ip_address: string | null;
            /**
             * Format: date-time
             * @description When the user signed in or last refreshed.
             */
            last_used_at: string;
            /** @description The `User-Agent` with which it was started. */
            user_agent: string | null;
        };
        /**
         * @description What a web app needs to know before anybody signs in.
         * @example {
         *       "mail": false,
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
            /** @description Whether the server sends mail. */
            mail: boolean;
            /** @description The rules for new passwords. */
            password: components["schemas"]["PasswordRules"];
            /** @description Whether an address must be verified before its owner can sign in. */
            require_verified_email: boolean;
            /** @description Whether the installation waits for its first administrator. */
            setup_required: boolean;
            /** @description `open` when anyone may sign up, else `closed`. */
            sign_up: components["schemas"]["SignUpName"];
        };
        /**
         * @description Somebody sets the installation up.
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery",
         *       "token": "m3kYc1Wb3v0lJt5o0Yt0m5n9mDq7M5l8d0rXb1b8m2E"
         *     }
         */
        SetupRequest: {
            /**
             * Format: email
             * @description The address to sign in with, at most 254 bytes.
             */
            email: string;
            /**
             * Format: password
             * @description The password to sign in with, 8 to 128 code points and not a common one.
             */
            password: string;
            /** @description The token in the link that the server prints at its start. */
            token: string;
        };
        /**
         * @description Whether somebody can sign in now.
         * @example {
         *       "allowed": true,
         *       "reasons": []
         *     }
         */
        SignIn: {
            /** @description Whether nothing keeps the user from it. */
            allowed: boolean;
            /** @description What does. */
            reasons: components["schemas"]["Obstacle"][];
        };
        /**
         * @description Whether anyone may sign up.
         * @enum {string}
         */
        SignUpName: "open" | "closed";
        /**
         * @description Whether a user may sign in.
         * @enum {string}
         */
        Status: "active" | "disabled";
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
             * @description Goes into the `Authorization` header, after `Bearer `. At most 4,096 bytes long: the claim `roles` is left
             *     out of a token that would be longer.
             */
            access_token: string;
            /**
             * Format: int64
             * @description How long the access token is good for, in seconds.
             */
            expires_in: number;
            /**
             * Format: int64
             * @description How long the session lasts, in seconds.
             */
            refresh_expires_in: number;
            /** @description Gives new tokens, once. It is not here when it travels in the cookie. */
            refresh_token?: string;
            /**
             * Format: uuid
             * @description The session.
             */
            session_id: string;
            /** @description Always `bearer`. */
            token_type: string;
        };
        /**
         * @description How the refresh token travels.
         * @enum {string}
         */
        Transport: "body" | "cookie";
        /**
         * @description What to change of oneself. What is absent stays.
         * @example {
         *       "display_name": "Ada King"
         *     }
         */
        UpdateMeRequest: {
            /** @description The name to show; `null` takes it away. */
            display_name?: string | null;
        };
        /**
         * @description What to change of a role. What is absent stays.
         * @example {
         *       "permissions": [
         *         "users:read"
         *       ]
         *     }
         */
        UpdateRoleRequest: {
            /** @description What it is for; `null` takes the text away. */
            description?: string | null;
            /** @description Its name. */
            name?: components["schemas"]["RoleName"];
            /** @description What it permits. */
            permissions?: components["schemas"]["PermissionName"][];
        };
        /**
         * @description What to change of a user. What is absent stays.
         * @example {
         *       "status": "disabled"
         *     }
         */
        UpdateUserRequest: {
            /** @description The name to show; `null` takes it away. */
            display_name?: string | null;
            /**
             * Format: email
             * @description The address to sign in with.
             */
            email?: string;
            /** @description Whether the user has shown to own the address. A new address is unverified when this is absent. */
            email_verified?: boolean;
            /** @description Whether the user may sign in. Disabling ends the user's sessions. */
            status?: components["schemas"]["Status"];
        };
        /**
         * @description Somebody with an account.
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
             * @description When the account was made.
             */
            created_at: string;
            /** @description The name to show. */
            display_name: string | null;
            /** @description The address to sign in with, as it was typed. */
            email: string;
            /** @description Whether the user has shown to own the address. */
            email_verified: boolean;
            /**
             * Format: uuid
             * @description The user's identifier, a version 7 UUID.
             */
            id: string;
            /** @description The names of the user's roles, sorted. */
            roles: components["schemas"]["RoleName"][];
            /** @description Whether the user may sign in. */
            status: components["schemas"]["Status"];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
        };
        /** @description A user in a list. */
        UserRow: components["schemas"]["User"] & {
            /**
             * Format: date-time
             * @description When the user last signed in.
             */
            last_sign_in_at: string | null;
        };
        /**
         * @description Somebody shows that an address is their own.
         * @example {
         *       "password": "correct horse battery",
         *       "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        VerifyEmailRequest: {
            /**
             * Format: password
             * @description The password of the account; without it, the access token must be that of the account.
             */
            password?: string;
            /** @description The token of the link. */
            token: string;
        };
        /**
         * @description A greeting, and where to go from here.
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
            /** @description The name of the program. */
            name: string;
            /** @description The path of this document. */
            openapi: string;
            /** @description Its version. */
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
export type AssignRolesRequest = components['schemas']['AssignRolesRequest'];
export type AuditEvent = components['schemas']['AuditEvent'];
export type ChangeEmailRequest = components['schemas']['ChangeEmailRequest'];
export type ChangePasswordRequest = components['schemas']['ChangePasswordRequest'];
export type ConfirmEmailChangeRequest = components['schemas']['ConfirmEmailChangeRequest'];
export type CreateRoleRequest = components['schemas']['CreateRoleRequest'];
export type CreateUserRequest = components['schemas']['CreateUserRequest'];
export type DeleteMeRequest = components['schemas']['DeleteMeRequest'];
export type EventActor = components['schemas']['EventActor'];
export type EventTarget = components['schemas']['EventTarget'];
export type Export = components['schemas']['Export'];
export type FieldCode = components['schemas']['FieldCode'];
export type FieldProblem = components['schemas']['FieldProblem'];
export type HealthResponse = components['schemas']['HealthResponse'];
export type JwkResponse = components['schemas']['JwkResponse'];
export type JwksResponse = components['schemas']['JwksResponse'];
export type LinkRequest = components['schemas']['LinkRequest'];
export type LoginRequest = components['schemas']['LoginRequest'];
export type LogoutRequest = components['schemas']['LogoutRequest'];
export type Mail = components['schemas']['Mail'];
export type Me = components['schemas']['Me'];
export type OAuthError = components['schemas']['OAuthError'];
export type OAuthErrorCode = components['schemas']['OAuthErrorCode'];
export type OAuthRequest = components['schemas']['OAuthRequest'];
export type OAuthTokenResponse = components['schemas']['OAuthTokenResponse'];
export type Obstacle = components['schemas']['Obstacle'];
export type PasswordRules = components['schemas']['PasswordRules'];
export type Permission = components['schemas']['Permission'];
export type PermissionName = components['schemas']['PermissionName'];
export type Problem = components['schemas']['Problem'];
export type RefreshRequest = components['schemas']['RefreshRequest'];
export type ResetPasswordRequest = components['schemas']['ResetPasswordRequest'];
export type Role = components['schemas']['Role'];
export type RoleName = components['schemas']['RoleName'];
export type RoleRow = components['schemas']['RoleRow'];
export type Session = components['schemas']['Session'];
export type SettingsResponse = components['schemas']['SettingsResponse'];
export type SetupRequest = components['schemas']['SetupRequest'];
export type SignIn = components['schemas']['SignIn'];
export type SignUpName = components['schemas']['SignUpName'];
export type Status = components['schemas']['Status'];
export type TokenResponse = components['schemas']['TokenResponse'];
export type Transport = components['schemas']['Transport'];
export type UpdateMeRequest = components['schemas']['UpdateMeRequest'];
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
            /** @description A greeting, and where to go from here */
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
    getJwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON Web Key set (RFC 7517) */
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
    listAuditEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only what this user did.
                 * @example 01933b1e-7c00-7000-8000-000000000001
                 */
                actor?: string;
                /** @description Only events with this action. */
                action?: "user.created" | "user.updated" | "user.disabled" | "user.enabled" | "user.deleted" | "email.changed" | "email.verified" | "email.change_requested" | "email.change_cancelled" | "password.changed" | "password.reset" | "password.set" | "password.refused" | "session.started" | "session.refused" | "session.ended" | "session.revoked" | "sessions.revoked" | "session.reuse_detected" | "role.created" | "role.updated" | "role.deleted" | "role.assigned" | "setup.completed" | "restore.completed";
                /**
                 * @description Only what was done to whatever has this identifier.
                 * @example 01933b1e-7c00-7000-8000-000000000002
                 */
                target?: string;
                /**
                 * @description Only events from this time on.
                 * @example 2026-11-24T00:00:00Z
                 */
                from?: string;
                /**
                 * @description Only events before this time.
                 * @example 2026-11-25T00:00:00Z
                 */
                to?: string;
                /**
                 * @description How many rows a page has at most, 1 to 200; 50 when absent.
                 * @example 50
                 */
                limit?: number;
                /** @description Where the page starts, from the `Link` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description The next page, `rel="next"`; none on the last */
                    Link?: string;
                    /** @description How many events the list has, on the first page */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` beyond 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEvent"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description `malformed_json`: The body is not JSON; `invalid_token`: The token is not valid; `email_taken`: Email already registered */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description If somebody has the address, a link is on its way, good for 30 minutes */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            header?: never;
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
                    /** @description The refresh token, when it travels in the cookie */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description `malformed_json`: The body is not JSON */
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
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_disabled`: The account is disabled; `email_not_verified`: The address has to be verified first; `origin_not_allowed`: The origin is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LogoutRequest"];
            };
        };
        responses: {
            /** @description The sessions, if there were any, have ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The body is not JSON */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            header?: never;
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
                    /** @description The refresh token, when it travels in the cookie */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description There is nothing to refresh */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: Invalid credentials; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description If somebody has the address unverified, a link is on its way, good for 24 hours */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description `malformed_json`: The body is not JSON; `invalid_token`: The token is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description Why there are none */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description `malformed_json`: The body is not JSON; `invalid_token`: The token is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description All of them, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permission"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                 * @description How many rows a page has at most, 1 to 200; 50 when absent.
                 * @example 50
                 */
                limit?: number;
                /** @description Where the page starts, from the `Link` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description The next page, `rel="next"`; none on the last */
                    Link?: string;
                    /** @description How many roles there are, on the first page */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` beyond 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleRow"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description A quoted string: who sends the same request again with it gets the same answer for 24 hours, and nothing is made twice */
                "Idempotency-Key"?: string | null;
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
                    /** @description Its version */
                    ETag?: string;
                    /** @description The path of the role */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role_name_taken`: Role name already taken; `idempotency_key_in_use`: A request with this Idempotency-Key is under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `idempotency_key_reused`: The Idempotency-Key stands for another request; `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description The role */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The role */
            200: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description Delete it only at this version */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The role */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `built_in_role`: The role is built in */
            409: {
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
            /** @description `stale`: Changed in the meantime */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description Change it only at this version */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The role */
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
            /** @description The role as it is now */
            200: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role_name_taken`: Role name already taken; `built_in_role`: The role is built in */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: Changed in the meantime */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description How people sign up and in here */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsResponse"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description The administrator */
            201: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    /** @description The path of the user */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The body is not JSON; `invalid_token`: The token is not valid; `email_taken`: Email already registered */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
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
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                 * @description The start of an address or of a word of a name, in any case. Then the order is that of what
                 *     matched.
                 * @example ada
                 */
                q?: string;
                /**
                 * @description Only users with this status.
                 * @example active
                 */
                status?: components["schemas"]["Status"];
                /**
                 * @description Only users with the role of this name.
                 * @example member
                 */
                role?: components["schemas"]["RoleName"];
                /**
                 * @description The order: `created_at`, `-created_at` (the newest first, the default), `email` or `-email`. Not
                 *     together with `q`.
                 */
                sort?: "created_at" | "-created_at" | "email" | "-email";
                /**
                 * @description How many rows a page has at most, 1 to 200; 50 when absent.
                 * @example 50
                 */
                limit?: number;
                /** @description Where the page starts, from the `Link` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description The next page, `rel="next"`; none on the last */
                    Link?: string;
                    /** @description How many users the list has, on the first page */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` beyond 10,000, or 1,000 with `q`; the latter may be some seconds old */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRow"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description A quoted string: who is signed in and sends the same request again with it gets the same answer for 24 hours, and nothing is made twice */
                "Idempotency-Key"?: string | null;
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
            /** @description The user */
            201: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    /** @description The path of the user */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The body is not JSON; `email_taken`: Email already registered */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed; `sign_up_closed`: Sign-up is closed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_in_use`: A request with this Idempotency-Key is under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `idempotency_key_reused`: The Idempotency-Key stands for another request; `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description Oneself */
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
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description Change oneself only at this version */
                "If-Match"?: string | null;
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
            /** @description Oneself as one is now */
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
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: Changed in the meantime */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description The account is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: An active administrator must remain */
            409: {
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
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description It waits to be confirmed */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description No change waits to be confirmed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description Everything */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
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
                    /** @description When to try again, in seconds */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                 * @description How many rows a page has at most, 1 to 200; 50 when absent.
                 * @example 50
                 */
                limit?: number;
                /** @description Where the page starts, from the `Link` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the live ones, the newest first */
            200: {
                headers: {
                    /** @description The next page, `rel="next"`; none on the last */
                    Link?: string;
                    /** @description How many live sessions there are, on the first page */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` beyond 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description All but the current one have ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description The session; the current one, too */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `session_not_found`: Session not found; `user_not_found`: User not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description The user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description Delete it only at this version */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `last_admin`: An active administrator must remain */
            409: {
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
            /** @description `stale`: Changed in the meantime */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description Change it only at this version */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The user */
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
            /** @description The user as it is now */
            200: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The body is not JSON; `email_taken`: Email already registered */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: An active administrator must remain */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: Changed in the meantime */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                 * @description The permission in question.
                 * @example users:read
                 */
                permission?: components["schemas"]["PermissionName"];
            };
            header?: never;
            path: {
                /** @description The user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the user may do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Access"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description Change it only at this version */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The user */
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
            /** @description The user as it is now */
            200: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `malformed_json`: The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `request_timeout`: The request took too long to arrive */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: An active administrator must remain */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: Changed in the meantime */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                 * @description How many rows a page has at most, 1 to 200; 50 when absent.
                 * @example 50
                 */
                limit?: number;
                /** @description Where the page starts, from the `Link` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the live ones, the newest first */
            200: {
                headers: {
                    /** @description The next page, `rel="next"`; none on the last */
                    Link?: string;
                    /** @description How many live sessions the user has, on the first page */
                    "X-Total-Count"?: number;
                    /** @description `exact`, or `at_least` beyond 10,000 */
                    "X-Total-Count-Kind"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
                /** @description The user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them have ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: Not authenticated; `token_expired`: The access token has expired; `session_revoked`: The session has ended */
            401: {
                headers: {
                    /** @description The scheme to sign in with (RFC 6750) */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed */
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
            /** @description `validation_failed`: The request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description It runs */
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
            /** @description It can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            /** @description `unavailable`: Not available now */
            503: {
                headers: {
                    /** @description When to try again, in seconds */
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
            /** @description A page about it */
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
