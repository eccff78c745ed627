//! Steps that use cases share.

pub(crate) mod account_deletion;
pub(crate) mod accounts;
mod app;
pub(crate) mod audit;
pub mod challenges;
pub mod error;
pub mod factors;
pub mod idempotency;
pub mod ip_limiter;
pub mod one_time_tokens;
pub(crate) mod outbox;
pub(crate) mod pages;
pub mod passwords;
pub(crate) mod purge;
pub mod rate_limit;
pub(crate) mod rejection;
pub mod session_limit;
pub mod step_up;
pub(crate) mod tokens;

pub use app::App;

use crate::model::AuditAction;

/// The actions that use cases of several features record.
pub(crate) const ACTIONS: &[AuditAction] = &[
    account_deletion::USER_DELETED,
    accounts::EMAIL_CHANGED,
    factors::RECOVERY_CODE_USED,
    passwords::PASSWORD_REFUSED,
    session_limit::SESSION_REVOKED,
    session_limit::SESSIONS_REVOKED,
];
