//! Managing roles.

mod create;
mod delete;
mod error;
mod read;
mod update;

pub use create::{NewRole, create};
pub use delete::{delete, purge};
pub use error::RoleError;
pub use read::{get, list, list_permissions};
pub use update::{RoleChanges, update};
