//! Errors around sessions and links as answers.

use vestibule_domain::{SessionError, VerificationError};
use vestibule_schema::{Code, Place};

use crate::problem::ApiError;

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            SessionError::AccountDisabled => Self::new(Code::AccountDisabled),
            SessionError::EmailNotVerified => Self::new(Code::EmailNotVerified),
            SessionError::Revoked { .. } => Self::new(Code::SessionRevoked),
            SessionError::NotFound => Self::new(Code::SessionNotFound),
            SessionError::UserNotFound => Self::new(Code::UserNotFound),
            SessionError::Denied(denied) => denied.into(),
            SessionError::Token(error) => Self::internal(error.as_ref()),
            SessionError::RateLimited(refusal) => Self::too_many(refusal),
            SessionError::Hash(error) => error.into(),
            SessionError::Store(error) => error.into(),
        }
    }
}

impl From<VerificationError> for ApiError {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::InvalidToken => Self::new(Code::InvalidToken),
            VerificationError::Password(error) => Self::field(Place::Pointer("/new_password".to_owned()), error.into()),
            VerificationError::EmailTaken => Self::new(Code::EmailTaken),
            VerificationError::Denied(denied) => denied.into(),
            VerificationError::UserNotFound => Self::new(Code::UserNotFound),
            VerificationError::WrongPassword => Self::wrong_password(),
            VerificationError::RateLimited(refusal) => Self::too_many(refusal),
            VerificationError::Hash(error) => error.into(),
            VerificationError::Store(error) => error.into(),
        }
    }
}
