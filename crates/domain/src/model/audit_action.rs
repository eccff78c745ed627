//! The actions that the audit log records.

/// Declares the actions with their names and what they mean, so that none lacks either.
macro_rules! actions {
    ($($variant:ident = $name:literal, $about:literal;)+) => {
        /// What was done, as `resource.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum AuditAction {
            $(#[doc = $about] $variant,)+
        }

        impl AuditAction {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, as it is stored and shown. It never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it means.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)+ }
            }
        }
    };
}

actions! {
    UserCreated = "user.created", "Somebody signed up, or a user was made; `roles` are those given";
    UserUpdated = "user.updated", "Something else of a user was changed; `changed` names what";
    UserDisabled = "user.disabled", "A user may not sign in any more, and every session has ended";
    UserEnabled = "user.enabled", "A user may sign in again";
    UserDeleted = "user.deleted", "A user was deleted";
    EmailChanged = "email.changed", "A user has another address";
    EmailVerified = "email.verified", "Somebody showed that the address is their own";
    EmailChangeRequested = "email.change_requested", "Somebody asked for another address, which has to be confirmed";
    EmailChangeCancelled = "email.change_cancelled", "Somebody does not want the other address any more";
    PasswordChanged = "password.changed", "Somebody chose another password, and the other sessions have ended";
    PasswordReset = "password.reset", "Somebody chose a password by a link that was mailed, and every session has ended";
    PasswordSet = "password.set", "The operator set a user's password, and every session has ended";
    PasswordRefused = "password.refused", "A wrong current password was given, or one with a link to verify an address; `reason`";
    SessionStarted = "session.started", "Somebody signed in";
    SessionRefused = "session.refused", "Somebody tried to sign in; `reason` is `wrong_password`, `unknown_address`, `account_disabled` or `email_not_verified`, `count` how often when it stands for several";
    SessionEnded = "session.ended", "Somebody signed out";
    SessionRevoked = "session.revoked", "One session was ended from another one, or by somebody else";
    SessionsRevoked = "sessions.revoked", "All sessions of a user were ended, or all but one";
    ReuseDetected = "session.reuse_detected", "A refresh token was used again long after it was replaced, and its session has ended";
    RoleCreated = "role.created", "A role was made; `name`, `permissions`";
    RoleUpdated = "role.updated", "A role was changed; `name`, `permissions`";
    RoleDeleted = "role.deleted", "A role was deleted and taken from its users; `name`";
    RoleAssigned = "role.assigned", "A user's roles were changed; `given`, `taken`";
    SetupCompleted = "setup.completed", "The installation got its first administrator";
    RestoreCompleted = "restore.completed", "After a restore from a backup the operator revoked everything issued before; `sessions`, `links`, `emails`, `replays` count it";
}

impl AuditAction {
    /// The action with this name.
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
    fn every_action_is_in_the_docs() {
        let text = include_str!("../../../../docs/audit.md");
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<_> = AuditAction::ALL
            .iter()
            .map(|action| format!("| `{}` | {} |", action.as_str(), action.about()))
            .collect();
        assert_eq!(rows, expected, "write these rows:\n{}", expected.join("\n"));
    }
}
