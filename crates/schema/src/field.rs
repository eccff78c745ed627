//! What can be wrong with one member of a request.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{
    EmailError, ParseIdError, ParseIdempotencyKeyError, ParsePermissionError, ParseRoleNameError, PasswordError,
    TextError,
};

/// What is wrong with a field, for programs. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// It must be there.
    Required,
    /// There is no such field.
    UnknownField,
    /// It is of another type.
    InvalidType,
    /// It is not of the form it needs.
    InvalidFormat,
    /// It is too short.
    TooShort,
    /// It is too long.
    TooLong,
    /// It is too small or too large.
    OutOfRange,
    /// It is not one of the values it may have.
    NotAllowedValue,
    /// What it names does not exist.
    Unknown,
    /// Somebody else has it.
    Taken,
    /// It is a password that everybody would try first.
    CommonPassword,
    /// It is not the password.
    WrongPassword,
}

/// Why a value was refused, in words for a person and for a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// For programs.
    pub code: FieldCode,
    /// For people.
    pub detail: String,
}

impl Refusal {
    /// Refuses a value.
    pub fn new(code: FieldCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

impl From<ParseIdempotencyKeyError> for Refusal {
    fn from(error: ParseIdempotencyKeyError) -> Self {
        Self::new(FieldCode::InvalidFormat, error.to_string())
    }
}

impl From<EmailError> for Refusal {
    fn from(error: EmailError) -> Self {
        let code = match error {
            EmailError::TooLong => FieldCode::TooLong,
            EmailError::Malformed | EmailError::Compatibility(_) => FieldCode::InvalidFormat,
        };
        Self::new(code, error.to_string())
    }
}

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        let code = match error {
            TextError::TooShort(_) => FieldCode::TooShort,
            TextError::TooLong(_) => FieldCode::TooLong,
            TextError::ControlCharacter | TextError::BidiControl | TextError::Invisible => FieldCode::InvalidFormat,
        };
        Self::new(code, error.to_string())
    }
}

impl From<PasswordError> for Refusal {
    fn from(error: PasswordError) -> Self {
        let code = match error {
            PasswordError::TooShort(_) => FieldCode::TooShort,
            PasswordError::TooLong(_) => FieldCode::TooLong,
            PasswordError::Common | PasswordError::Weak(_) => FieldCode::CommonPassword,
        };
        Self::new(code, error.to_string())
    }
}

impl From<ParseRoleNameError> for Refusal {
    fn from(error: ParseRoleNameError) -> Self {
        Self::new(FieldCode::InvalidFormat, error.to_string())
    }
}

impl From<ParsePermissionError> for Refusal {
    fn from(error: ParsePermissionError) -> Self {
        Self::new(FieldCode::InvalidFormat, error.to_string())
    }
}

impl From<ParseIdError> for Refusal {
    fn from(_: ParseIdError) -> Self {
        Self::new(FieldCode::InvalidFormat, "must be a lower-case, hyphenated UUID")
    }
}
