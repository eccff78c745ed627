//! The actions that the audit log records.

/// Declares each action with its name and its description.
macro_rules! actions {
    ($($variant:ident = $name:literal, $about:literal;)+) => {
        /// A kind of audit event. Names have the form `resource.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum AuditAction {
            $(#[doc = $about] $variant,)+
        }

        impl AuditAction {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns its name, as stored and shown. It never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Returns its description.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $about,)+ }
            }
        }
    };
}

actions! {
    UserCreated = "user.created", "A user signed up or was created; `roles` lists the assigned roles";
    UserUpdated = "user.updated", "A user was updated; `changed` lists the fields";
    UserDisabled = "user.disabled", "A user was disabled and all their sessions were revoked";
    UserEnabled = "user.enabled", "A disabled user was enabled";
    UserDeleted = "user.deleted", "A user was deleted";
    EmailChanged = "email.changed", "A user's email address was changed";
    EmailVerified = "email.verified", "A user verified their email address";
    EmailChangeRequested = "email.change_requested", "A user requested a new email address, which is pending until it is confirmed";
    EmailChangeCancelled = "email.change_cancelled", "A user cancelled a pending email change";
    PasswordChanged = "password.changed", "A user changed their password and their other sessions were revoked";
    PasswordReset = "password.reset", "A user set a password through an emailed link and all their sessions were revoked";
    PasswordSet = "password.set", "The operator set a user's password and all the user's sessions were revoked";
    PasswordRefused = "password.refused", "An incorrect current password was sent, or an incorrect password with a link to verify an email address; `reason` is `wrong_password`";
    SessionStarted = "session.started", "A user signed in";
    SessionRefused = "session.refused", "A sign-in failed; `reason` is `wrong_password`, `unknown_address`, `account_disabled` or `email_not_verified`, and `count` is the number of attempts if the event summarizes several";
    SessionEnded = "session.ended", "A user signed out";
    SessionRevoked = "session.revoked", "One session was revoked by its user or an administrator, or because the user had too many; `reason` is then `session_limit`";
    SessionsRevoked = "sessions.revoked", "All sessions of a user, or all but one, were revoked, or `count` sessions because the user had too many; `reason` is then `session_limit`";
    ReuseDetected = "session.reuse_detected", "A refresh token was reused long after it was replaced, and its session was revoked";
    RoleCreated = "role.created", "A role was created; `name`, `permissions`";
    RoleUpdated = "role.updated", "A role was updated; `name`, `permissions`";
    RoleDeleted = "role.deleted", "A role was deleted and revoked from its users; `name`";
    RoleAssigned = "role.assigned", "A user's roles were changed; `given` lists the assigned roles, `taken` the revoked ones";
    SetupCompleted = "setup.completed", "The first administrator was created";
    RestoreCompleted = "restore.completed", "After a restore from a backup, the operator revoked everything issued before; `sessions`, `links`, `emails` and `replays` are the counts";
}

impl AuditAction {
    /// Returns the action with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table in `docs/audit.md` has a row for each action, in this order.
    #[test]
    fn audit_docs_list_every_action() {
        let text = include_str!("../../../../docs/audit.md");
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<_> = AuditAction::ALL
            .iter()
            .map(|action| format!("| `{}` | {} |", action.as_str(), action.description()))
            .collect();
        assert_eq!(rows, expected, "write these rows:\n{}", expected.join("\n"));
    }
}
