//! Managing users.

mod access;
mod create;
mod delete;
mod error;
mod import;
mod list;
mod read;
mod roles;
mod seed;
mod set_password;
mod update;

use crate::model::AuditAction;

pub use access::{Access, SignInBlocker, explain_access};
pub use create::{NewUser, create};
pub use delete::delete;
pub use error::{CreateError, SetRolesError, SignUpClosed, UpdateError};
pub use import::{ImportOutcome, ImportUser, import};
pub use list::list;
pub use read::{find_by_email, find_unacceptable_emails, get};
pub use roles::set_roles;
pub use seed::{SeedUser, seed};
pub use set_password::set_password;
pub use update::{UserChanges, update};

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[
    create::USER_CREATED,
    update::USER_UPDATED,
    update::USER_DISABLED,
    update::USER_ENABLED,
    roles::ROLE_ASSIGNED,
    set_password::PASSWORD_SET,
];
