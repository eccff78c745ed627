//! The use cases, one module for each feature.

pub mod account;
pub mod audit;
pub mod authentication;
pub mod email_verification;
pub mod factors;
pub mod outbox;
pub mod password_reset;
pub mod restore;
pub mod roles;
pub mod secret_key;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod users;

use crate::{
    model::{self, AuditAction, Kind},
    services,
};

/// The actions of each feature.
const AUDIT_ACTIONS: &[&[AuditAction]] = &[
    services::ACTIONS,
    account::ACTIONS,
    email_verification::ACTIONS,
    factors::ACTIONS,
    password_reset::ACTIONS,
    restore::ACTIONS,
    roles::ACTIONS,
    setup::ACTIONS,
    sign_in::ACTIONS,
    users::ACTIONS,
];

/// Declares the types whose values audit events have as their target.
macro_rules! audit_targets {
    ($($type:ident;)+) => {
        /// The kinds of resources that audit events have as their target.
        pub const AUDIT_TARGET_KINDS: &[&str] = &[$(model::$type::KIND,)+];
    };
}

audit_targets! {
    Role;
    Session;
    User;
}

/// Returns every action that the audit log records, sorted by name.
#[must_use]
pub fn audit_actions() -> Vec<AuditAction> {
    let mut actions = AUDIT_ACTIONS.concat();
    actions.sort_unstable_by_key(|action| action.name());
    actions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_actions_have_distinct_names() {
        let actions = audit_actions();
        assert!(actions.is_sorted_by(|a, b| a.name() < b.name()));
    }

    /// The table in `docs/audit.md` has a row for each action, in this order.
    #[test]
    fn audit_docs_list_every_action() {
        let text = include_str!("../../../../docs/audit.md");
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<_> = audit_actions()
            .into_iter()
            .map(|action| format!("| `{}` | {} |", action.name(), action.description()))
            .collect();
        assert_eq!(rows, expected, "write these rows:\n{}", expected.join("\n"));
    }
}
