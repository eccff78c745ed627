//! Managing your own account.

mod deletion;
mod email;
mod export;
mod password;
mod profile;

use crate::model::AuditAction;

pub use deletion::delete;
pub use email::{
    ConfirmEmailChangeError, NewEmailTaken, cancel_email_change, confirm_email_change, request_email_change,
};
pub use export::{Export, export, export_emails, export_events, export_sessions};
pub use password::{ChangePassword, change_password};
pub use profile::update_profile;

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[
    email::EMAIL_CHANGE_REQUESTED,
    email::EMAIL_CHANGE_CANCELLED,
    password::PASSWORD_CHANGED,
];
