//! Roles: named sets of permissions that users are given.

mod assign;
mod create;
mod delete;
mod error;
mod model;
mod purge;
mod read;
mod repo;
mod update;

pub use assign::assign;
pub use create::{NewRole, create};
pub use delete::delete;
pub use error::RoleError;
pub use model::{Description, ParseRoleNameError, Role, RoleName, RoleRow};
pub use purge::purge;
pub use read::{get, list, permissions};
pub use repo::RoleRepo;
pub use update::{RoleChanges, update};
