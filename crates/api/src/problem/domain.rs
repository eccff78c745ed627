//! Domain errors as problem details: the shared error first, then the failures and errors of use cases.

use vestibule_domain::{
    DeleteAccountError, Denied, EmailTaken, Error, HashError, InUse, LastAdmin, PasswordError, RateLimited, StoreError,
    Taken, UnknownRole,
    account::{ConfirmEmailChangeError, NewEmailTaken},
    email_verification::{AlreadyVerified, VerifyError},
    one_time_tokens::InvalidToken,
    password_reset, roles, setup, sign_in, users,
};
use vestibule_schema::{Code, FieldCode, FieldError, FieldLocation};

use super::{ApiError, Chain, ProblemCodes, failures};
use crate::log_limit;

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denied) => denied.into(),
            Error::NotFound(kind) => Self::not_found(kind),
            Error::Stale(_) => Self::new(Code::Stale),
            Error::UnknownReference { field } => Self::field(
                FieldLocation::Pointer(format!("/{field}")),
                FieldError::new(FieldCode::Unknown, "does not exist"),
            ),
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
                log_limit::warn("database unavailable", &Chain(&error).to_string());
                Self::unavailable(1)
            }
            StoreError::Duplicate { key } => Taken { key }.into(),
            StoreError::Reference(_) => InUse.into(),
            StoreError::Failure(_) => Self::internal(&error),
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

failures! {
    InUse => InUse;
    EmailTaken => EmailTaken.with_field("/email", FieldCode::Taken);
    NewEmailTaken => EmailTaken;
    LastAdmin => LastAdmin;
    users::SignUpClosed => SignUpClosed;
    roles::NameTaken => RoleNameTaken.with_field("/name", FieldCode::Taken);
    roles::BuiltIn => BuiltInRole;
    InvalidToken => InvalidToken;
    AlreadyVerified => InvalidToken.with_reason("already_verified", "The email address is already verified");
    sign_in::InvalidCredentials => InvalidCredentials;
    sign_in::AccountDisabled => AccountDisabled;
    sign_in::EmailNotVerified => EmailNotVerified;
    sign_in::Revoked => SessionRevoked;
    setup::Closed => Gone.with_detail("Setup is complete: the first administrator was already created");
    setup::InvalidSetupToken => InvalidToken;
}

impl From<Taken> for ApiError {
    fn from(Taken { key }: Taken) -> Self {
        Self::new(Code::Taken).with_field(&format!("/{}", key.column()), FieldCode::Taken)
    }
}

impl ProblemCodes for Taken {
    fn codes() -> Vec<Code> {
        vec![Code::Taken]
    }
}

impl From<UnknownRole> for ApiError {
    fn from(UnknownRole { index }: UnknownRole) -> Self {
        Self::field(
            FieldLocation::Pointer(format!("/roles/{index}")),
            FieldError::new(FieldCode::Unknown, "is not the name of a role"),
        )
    }
}

impl ProblemCodes for UnknownRole {
    fn codes() -> Vec<Code> {
        vec![Code::ValidationFailed]
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        Self::field(FieldLocation::Pointer("/new_password".to_owned()), error.into())
    }
}

impl ProblemCodes for PasswordError {
    fn codes() -> Vec<Code> {
        vec![Code::ValidationFailed]
    }
}

impl From<sign_in::Signing> for ApiError {
    fn from(error: sign_in::Signing) -> Self {
        Self::internal(&error)
    }
}

impl ProblemCodes for sign_in::Signing {
    fn codes() -> Vec<Code> {
        vec![Code::Internal]
    }
}

impl ProblemCodes for RateLimited {
    fn codes() -> Vec<Code> {
        vec![Code::TooManyRequests]
    }
}

/// Converts the error of each use case, and documents the codes of its failures. The codes of shared failures follow
/// from the operation.
macro_rules! use_case_errors {
    ($($error:ty { $($failure:ident),+ $(,)? })+) => {
        $(
            impl From<$error> for ApiError {
                fn from(error: $error) -> Self {
                    type E = $error;
                    match error {
                        $(E::$failure(failure) => failure.into(),)+
                        E::Other(error) => error.into(),
                    }
                }
            }

            impl ProblemCodes for $error {
                fn codes() -> Vec<Code> {
                    [$(codes_of(<$error>::$failure)),+].concat()
                }
            }
        )+
    };
}

/// Returns the codes of the failure that a variant contains.
fn codes_of<F: ProblemCodes, E>(_: fn(F) -> E) -> Vec<Code> {
    F::codes()
}

use_case_errors! {
    users::CreateError { SignUpClosed, EmailTaken, UnknownRole }
    users::UpdateError { EmailTaken, LastAdmin }
    users::SetRolesError { UnknownRole, LastAdmin }
    roles::CreateError { NameTaken }
    roles::UpdateError { NameTaken, BuiltIn }
    roles::DeleteError { BuiltIn, InUse }
    sign_in::SignInError { InvalidCredentials, AccountDisabled, EmailNotVerified, Signing }
    sign_in::RefreshError { InvalidCredentials, Revoked, Signing }
    password_reset::CompleteError { InvalidToken, PasswordError }
    setup::SetupError { Closed, InvalidSetupToken, EmailTaken }
    ConfirmEmailChangeError { InvalidToken, NewEmailTaken }
    DeleteAccountError { LastAdmin, InUse }
    VerifyError { InvalidToken, AlreadyVerified }
}

#[cfg(test)]
mod tests {
    use vestibule_domain::{Role, Session, UniqueKey, User};

    use super::*;

    fn assert_documented<F: ProblemCodes + Into<ApiError>>(failure: F) {
        let code = failure.into().code;
        assert!(F::codes().contains(&code), "{code:?} is not in {:?}", F::codes());
    }

    #[test]
    fn the_code_of_every_failure_is_documented() {
        assert_documented(Taken {
            key: UniqueKey::new("projects", "name"),
        });
        assert_documented(InUse);
        assert_documented(EmailTaken);
        assert_documented(NewEmailTaken);
        assert_documented(UnknownRole { index: 0 });
        assert_documented(LastAdmin);
        assert_documented(users::SignUpClosed);
        assert_documented(roles::NameTaken);
        assert_documented(roles::BuiltIn);
        assert_documented(InvalidToken);
        assert_documented(PasswordError::Common);
        assert_documented(sign_in::InvalidCredentials);
        assert_documented(sign_in::AccountDisabled);
        assert_documented(sign_in::EmailNotVerified);
        assert_documented(sign_in::Revoked { just_now: true });
        assert_documented(sign_in::Signing("no key".into()));
        assert_documented(setup::Closed);
        assert_documented(setup::InvalidSetupToken);
        assert_documented(roles::UpdateError::from(roles::BuiltIn));
        assert_documented(roles::UpdateError::from(roles::NameTaken));
    }

    #[test]
    fn a_missing_resource_has_the_code_of_its_kind() {
        let code = |error: Error| ApiError::from(error).code;
        assert_eq!(code(Error::not_found::<User>()), Code::UserNotFound);
        assert_eq!(code(Error::not_found::<Role>()), Code::RoleNotFound);
        assert_eq!(code(Error::not_found::<Session>()), Code::SessionNotFound);
        let other = ApiError::from(Error::NotFound("unicorn"));
        assert_eq!(
            (other.code, other.detail()),
            (Code::NotFound, "The unicorn does not exist")
        );
    }

    #[test]
    fn violated_constraints_are_conflicts() {
        let taken = ApiError::from(StoreError::Duplicate {
            key: UniqueKey::new("projects", "name"),
        });
        let location = FieldLocation::Pointer("/name".to_owned());
        assert_eq!((taken.code, &taken.errors[0].location), (Code::Taken, &location));
        let in_use = ApiError::from(StoreError::Reference("a row refers to this one".into()));
        assert_eq!(in_use.code, Code::InUse);
    }

    #[test]
    fn unknown_reference_names_the_field() {
        let error = ApiError::from(Error::UnknownReference { field: "owner_id" });
        let location = FieldLocation::Pointer("/owner_id".to_owned());
        assert_eq!(
            (error.code, &error.errors[0].location),
            (Code::ValidationFailed, &location)
        );
    }
}
