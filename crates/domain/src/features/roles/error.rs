//! The errors of roles.

use crate::{
    ports::UniqueKey,
    services::error::{Error, Failure, InUse, use_case_error},
};

/// Another role has the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another role has this name")]
pub struct NameTaken;

impl Failure for NameTaken {
    fn from_shared(error: &Error) -> Option<Self> {
        error.is_duplicate(&UniqueKey::ROLE_NAME).then_some(Self)
    }
}

/// The role is built in: `admin` cannot be changed, except that it can require a second factor; `member` cannot be
/// renamed; neither can be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a built-in role cannot be changed in this way")]
pub struct BuiltIn;

impl Failure for BuiltIn {}

/// An administrator without a second factor would make the role `admin` require one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("set up a second factor first")]
pub struct NoSecondFactor;

impl Failure for NoSecondFactor {}

use_case_error! {
    /// A failure to create a role.
    pub enum CreateError { NameTaken }
}

use_case_error! {
    /// A failure to update a role.
    pub enum UpdateError { NameTaken, BuiltIn, NoSecondFactor }
}

use_case_error! {
    /// A failure to delete a role.
    pub enum DeleteError { BuiltIn, InUse }
}
