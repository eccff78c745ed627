//! Validation errors of fields.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{
    EmailError, NumberError, ParseIdError, ParseIdempotencyKeyError, ParsePermissionError, ParseRoleNameError,
    PasswordError, TextError,
};

/// The error code of a field, for programs. Codes never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// The field is missing.
    Required,
    /// The field is not part of the request.
    UnknownField,
    /// The value has the wrong JSON type.
    InvalidType,
    /// The value has the wrong format.
    InvalidFormat,
    /// The value is too short.
    TooShort,
    /// The value is too long.
    TooLong,
    /// The number is too small or too large.
    OutOfRange,
    /// The value is not one of the allowed values.
    NotAllowedValue,
    /// The named resource does not exist.
    Unknown,
    /// The value is already in use.
    Taken,
    /// The password is too common or easy to guess.
    CommonPassword,
    /// The current password is incorrect.
    WrongPassword,
    /// The code is wrong or was used before.
    WrongCode,
    /// The response of the authenticator was rejected.
    Rejected,
}

/// A validation error of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The code, for programs.
    pub code: FieldCode,
    /// The message, for people, such as "must not be empty".
    pub detail: String,
}

impl FieldError {
    /// Creates an error.
    pub fn new(code: FieldCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }

    /// Creates the error of a missing field.
    #[must_use]
    pub fn required() -> Self {
        Self::new(FieldCode::Required, "is required")
    }
}

impl From<ParseIdempotencyKeyError> for FieldError {
    fn from(error: ParseIdempotencyKeyError) -> Self {
        Self::new(FieldCode::InvalidFormat, error.to_string())
    }
}

impl From<EmailError> for FieldError {
    fn from(error: EmailError) -> Self {
        let code = match error {
            EmailError::TooLong => FieldCode::TooLong,
            EmailError::Malformed | EmailError::Compatibility(_) => FieldCode::InvalidFormat,
        };
        Self::new(code, error.to_string())
    }
}

impl From<TextError> for FieldError {
    fn from(error: TextError) -> Self {
        let code = match error {
            TextError::TooShort(_) => FieldCode::TooShort,
            TextError::TooLong(_) => FieldCode::TooLong,
            TextError::ControlCharacter | TextError::BidiControl | TextError::Invisible => FieldCode::InvalidFormat,
        };
        Self::new(code, error.to_string())
    }
}

impl From<NumberError> for FieldError {
    fn from(error: NumberError) -> Self {
        let code = match error {
            NumberError::OutOfRange { .. } => FieldCode::OutOfRange,
            NumberError::Malformed | NumberError::TooPrecise => FieldCode::InvalidFormat,
        };
        Self::new(code, error.to_string())
    }
}

impl From<PasswordError> for FieldError {
    fn from(error: PasswordError) -> Self {
        let code = match error {
            PasswordError::TooShort(_) => FieldCode::TooShort,
            PasswordError::TooLong(_) => FieldCode::TooLong,
            PasswordError::Common | PasswordError::Weak(_) => FieldCode::CommonPassword,
        };
        Self::new(code, error.to_string())
    }
}

impl From<ParseRoleNameError> for FieldError {
    fn from(error: ParseRoleNameError) -> Self {
        Self::new(FieldCode::InvalidFormat, error.to_string())
    }
}

impl From<ParsePermissionError> for FieldError {
    fn from(error: ParsePermissionError) -> Self {
        Self::new(FieldCode::InvalidFormat, error.to_string())
    }
}

impl From<ParseIdError> for FieldError {
    fn from(_: ParseIdError) -> Self {
        Self::new(FieldCode::InvalidFormat, "must be a lower-case, hyphenated UUID")
    }
}
