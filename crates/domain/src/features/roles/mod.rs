//! Managing roles.

mod create;
mod delete;
mod error;
mod read;
mod update;

use crate::model::AuditAction;

pub use create::{NewRole, create};
pub use delete::{delete, purge};
pub use error::{BuiltIn, CreateError, DeleteError, NameTaken, NoSecondFactor, UpdateError};
pub use read::{get, list, list_permissions};
pub use update::{RoleChanges, update};

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[create::ROLE_CREATED, update::ROLE_UPDATED, delete::ROLE_DELETED];
