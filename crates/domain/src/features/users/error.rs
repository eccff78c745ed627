//! The errors of users.

use crate::services::error::{EmailTaken, Failure, LastAdmin, UnknownRole, use_case_error};

/// Sign-up is closed, and the actor is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sign-up is closed")]
pub struct SignUpClosed;

impl Failure for SignUpClosed {}

use_case_error! {
    /// A failure to create users.
    pub enum CreateError { SignUpClosed, EmailTaken, UnknownRole }
}

use_case_error! {
    /// A failure to update a user.
    pub enum UpdateError { EmailTaken, LastAdmin }
}

use_case_error! {
    /// A failure to replace the roles of a user.
    pub enum SetRolesError { UnknownRole, LastAdmin }
}
