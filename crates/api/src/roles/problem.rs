//! Errors around roles as answers.

use vestibule_domain::roles::RoleError;
use vestibule_schema::{Code, FieldCode};

use crate::problem::ApiError;

impl From<RoleError> for ApiError {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::Denied(denied) => denied.into(),
            RoleError::NotFound => Self::new(Code::RoleNotFound),
            RoleError::NameTaken => Self::new(Code::RoleNameTaken).blaming("/name", FieldCode::Taken),
            RoleError::BuiltIn => Self::new(Code::BuiltInRole),
            RoleError::Stale(_) => Self::new(Code::Stale),
            RoleError::Store(error) => error.into(),
        }
    }
}
