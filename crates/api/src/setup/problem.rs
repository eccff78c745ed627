//! Errors of setup as answers.

use vestibule_domain::setup::SetupError;
use vestibule_schema::{Code, FieldCode};

use crate::problem::ApiError;

impl From<SetupError> for ApiError {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Over => Self::new(Code::Gone).saying("Setup is over: there has been an administrator"),
            SetupError::InvalidToken => Self::new(Code::InvalidToken),
            SetupError::EmailTaken => Self::new(Code::EmailTaken).blaming("/email", FieldCode::Taken),
            SetupError::Hash(error) => error.into(),
            SetupError::Store(error) => error.into(),
        }
    }
}
