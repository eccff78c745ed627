//! Errors around sessions as answers.

use vestibule_domain::session::SessionError;
use vestibule_schema::Code;

use crate::problem::ApiError;

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            SessionError::AccountDisabled => Self::new(Code::AccountDisabled),
            SessionError::Revoked { .. } => Self::new(Code::SessionRevoked),
            SessionError::NotFound => Self::new(Code::SessionNotFound),
            SessionError::UserNotFound => Self::new(Code::UserNotFound),
            SessionError::Denied(denied) => denied.into(),
            SessionError::Token(error) => Self::internal(error.as_ref()),
            SessionError::TooMany(refusal) => Self::too_many(refusal),
            SessionError::Hash(error) => error.into(),
            SessionError::Store(error) => error.into(),
        }
    }
}
