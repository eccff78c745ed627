//! The errors of roles.

use crate::{
    model::{Denied, Stale},
    ports::{StoreError, UniqueKey},
};

/// Why a role was not found, made or changed.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such role.
    #[error("role not found")]
    NotFound,
    /// Another role has the name.
    #[error("role name taken")]
    NameTaken,
    /// The role comes with every installation, and this would change what makes it so.
    #[error("built-in role")]
    BuiltIn,
    /// The role was changed in the meantime.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for RoleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate {
                key: UniqueKey::RoleName,
            } => Self::NameTaken,
            other => Self::Store(other),
        }
    }
}
