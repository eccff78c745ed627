//! The error of roles.

use crate::{ports::UniqueKey, services::error::Error};

/// A failure to create, change or delete a role.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// Another role has the name.
    #[error("another role has this name")]
    NameTaken,
    /// The role is built in: `admin` cannot be changed, and `member` cannot be renamed; neither can be deleted.
    #[error("a built-in role cannot be changed in this way")]
    BuiltIn,
    /// A shared failure.
    #[error(transparent)]
    Other(Error),
}

impl<E: Into<Error>> From<E> for RoleError {
    fn from(error: E) -> Self {
        match error.into() {
            error if error.is_duplicate(&UniqueKey::ROLE_NAME) => Self::NameTaken,
            error => Self::Other(error),
        }
    }
}
