//! Domain errors as problem details: the shared error first, then the errors of each feature.

use vestibule_domain::{
    Denied, Error, HashError, Resource, StoreError, UserError, one_time_tokens::LinkError, roles::RoleError,
    setup::SetupError, sign_in::SignInError,
};
use vestibule_schema::{Code, FieldCode, FieldError, FieldLocation};

use super::{ApiError, Chain};
use crate::log_limit;

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denied) => denied.into(),
            Error::NotFound(Resource::User) => Self::new(Code::UserNotFound),
            Error::NotFound(Resource::Role) => Self::new(Code::RoleNotFound),
            Error::NotFound(Resource::Session) => Self::new(Code::SessionNotFound),
            Error::Stale(_) => Self::new(Code::Stale),
            Error::WrongPassword => Self::field(
                FieldLocation::Pointer("/current_password".to_owned()),
                FieldError::new(FieldCode::WrongPassword, "is incorrect"),
            ),
            Error::RateLimited(limited) => Self::rate_limited(limited),
            Error::Hash(error) => error.into(),
            Error::Store(error) => error.into(),
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unauthenticated => Self::new(Code::Unauthenticated),
            Denied::Forbidden(Some(permission)) => Self {
                permission: Some(permission.to_string()),
                ..Self::new(Code::Forbidden).with_detail(format!("Requires the permission {permission}"))
            },
            Denied::Forbidden(None) => Self::new(Code::Forbidden).with_detail("Requires the role admin"),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) | StoreError::Unavailable(_) => {
                log_limit::database_unavailable(&Chain(&error).to_string());
                Self::unavailable(1)
            }
            StoreError::Duplicate { .. } | StoreError::Reference(_) | StoreError::Failure(_) => Self::internal(&error),
        }
    }
}

impl From<HashError> for ApiError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy { retry_after } => Self::unavailable(retry_after.as_secs().max(1)),
            HashError::Abandoned => Self::unavailable(1),
            HashError::Failure(_) => Self::internal(&error),
        }
    }
}

impl From<UserError> for ApiError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::SignUpClosed => Self::new(Code::SignUpClosed),
            UserError::EmailTaken => Self::new(Code::EmailTaken).with_field("/email", FieldCode::Taken),
            UserError::UnknownRole { index } => Self::field(
                FieldLocation::Pointer(format!("/roles/{index}")),
                FieldError::new(FieldCode::Unknown, "is not the name of a role"),
            ),
            UserError::LastAdmin => Self::new(Code::LastAdmin),
            UserError::Other(error) => error.into(),
        }
    }
}

impl From<RoleError> for ApiError {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::NameTaken => Self::new(Code::RoleNameTaken).with_field("/name", FieldCode::Taken),
            RoleError::BuiltIn => Self::new(Code::BuiltInRole),
            RoleError::Other(error) => error.into(),
        }
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            SignInError::AccountDisabled => Self::new(Code::AccountDisabled),
            SignInError::EmailNotVerified => Self::new(Code::EmailNotVerified),
            SignInError::Revoked { .. } => Self::new(Code::SessionRevoked),
            SignInError::Signing(error) => Self::internal(error.as_ref()),
            SignInError::Other(error) => error.into(),
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::InvalidToken => Self::new(Code::InvalidToken),
            LinkError::Password(error) => Self::field(FieldLocation::Pointer("/new_password".to_owned()), error.into()),
            LinkError::EmailTaken => Self::new(Code::EmailTaken),
            LinkError::Other(error) => error.into(),
        }
    }
}

impl From<SetupError> for ApiError {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Closed => {
                Self::new(Code::Gone).with_detail("Setup is complete: the first administrator was already created")
            }
            SetupError::InvalidToken => Self::new(Code::InvalidToken),
            SetupError::EmailTaken => Self::new(Code::EmailTaken).with_field("/email", FieldCode::Taken),
            SetupError::Other(error) => error.into(),
        }
    }
}
