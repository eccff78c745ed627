//! Errors around users and their credentials as answers.

use vestibule_domain::{CredentialError, UserError};
use vestibule_schema::{Code, FieldCode, Place, Refusal};

use crate::problem::ApiError;

impl From<UserError> for ApiError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::Denied(denied) => denied.into(),
            UserError::SignUpClosed => Self::new(Code::SignUpClosed),
            UserError::EmailTaken => Self::new(Code::EmailTaken).blaming("/email", FieldCode::Taken),
            UserError::UnknownRole { index } => Self::field(
                Place::Pointer(format!("/roles/{index}")),
                Refusal::new(FieldCode::Unknown, "is not the name of a role"),
            ),
            UserError::NotFound => Self::new(Code::UserNotFound),
            UserError::Stale(_) => Self::new(Code::Stale),
            UserError::LastAdmin => Self::new(Code::LastAdmin),
            UserError::WrongPassword => Self::wrong_password(),
            UserError::RateLimited(refusal) => Self::too_many(refusal),
            UserError::Hash(error) => error.into(),
            UserError::Store(error) => error.into(),
        }
    }
}

impl From<CredentialError> for ApiError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Denied(denied) => denied.into(),
            CredentialError::UserNotFound => Self::new(Code::UserNotFound),
            CredentialError::WrongPassword => Self::wrong_password(),
            CredentialError::RateLimited(refusal) => Self::too_many(refusal),
            CredentialError::Hash(error) => error.into(),
            CredentialError::Store(error) => error.into(),
        }
    }
}
