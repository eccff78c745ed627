//! Domain errors as problem details: the shared error first, then the failures and errors of use cases.

use vestibule_domain::{
    CHALLENGE_TTL, DeleteAccountError, Denied, EmailTaken, Error, HashError, InUse, LastAdmin, PasskeysUnavailable,
    PasswordError, RateLimited, StepUpRequired, StoreError, Taken, UnknownRole,
    account::{ConfirmEmailChangeError, NewEmailTaken},
    email_verification::{AlreadyVerified, VerifyError},
    factors::{self, InvalidPasskey, WrongTotpCode},
    one_time_tokens::InvalidToken,
    password_reset, roles, setup,
    sign_in::{self, FactorRequired, SecondFactorRequired},
    users,
};
use vestibule_schema::{Code, FieldCode, FieldError, FieldLocation};

use super::{ApiError, Chain, Extensions, ProblemCodes, failures};
use crate::{log_limit, sign_in::encode_challenge};

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
            Error::StepUpRequired(StepUpRequired { methods, max_age }) => Self::new(Code::StepUpRequired)
                .with_extensions(Extensions {
                    methods: Some(methods),
                    max_age: Some(max_age.num_seconds()),
                    ..Extensions::default()
                }),
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
            Denied::Forbidden(Some(permission)) => Self::new(Code::Forbidden)
                .with_detail(format!("Requires the permission {permission}"))
                .with_extensions(Extensions {
                    permission: Some(permission.to_string()),
                    ..Extensions::default()
                }),
            Denied::Forbidden(None) => Self::new(Code::Forbidden).with_detail("Requires the role admin"),
            Denied::SecondFactorMissing => Self::new(Code::SecondFactorEnrolmentRequired),
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
    roles::NoSecondFactor => NoSecondFactor;
    InvalidToken => InvalidToken;
    AlreadyVerified => InvalidToken.with_reason("already_verified", "The email address is already verified");
    sign_in::InvalidCredentials => InvalidCredentials;
    sign_in::AccountDisabled => AccountDisabled;
    sign_in::EmailNotVerified => EmailNotVerified;
    sign_in::Revoked => SessionRevoked;
    sign_in::WrongCode => InvalidCredentials.with_field("/code", FieldCode::WrongCode);
    sign_in::IncorrectPassword => InvalidCredentials.with_field("/password", FieldCode::WrongPassword);
    sign_in::UnknownPasskey => UnknownPasskey;
    PasskeysUnavailable => PasskeysUnavailable.with_detail("The host of the public URL is an IP address, for which there are no passkeys");
    factors::TotpEnabled => TotpEnabled;
    factors::NoFactor => NoSecondFactor;
    factors::LastCredential => LastCredential;
    factors::PasskeyRegistered => PasskeyRegistered;
    factors::TooManyPasskeys => TooManyPasskeys;
    setup::Closed => Gone.with_detail("Setup is complete: the first administrator was already created");
    setup::InvalidSetupToken => InvalidToken;
}

impl From<SecondFactorRequired> for ApiError {
    fn from(SecondFactorRequired { challenge, methods }: SecondFactorRequired) -> Self {
        Self::new(Code::SecondFactorRequired).with_extensions(Extensions {
            challenge: Some(encode_challenge(&challenge)),
            methods: Some(methods),
            expires_in: Some(CHALLENGE_TTL.num_seconds()),
            ..Extensions::default()
        })
    }
}

impl ProblemCodes for SecondFactorRequired {
    fn codes() -> Vec<Code> {
        vec![Code::SecondFactorRequired]
    }
}

impl From<FactorRequired> for ApiError {
    fn from(FactorRequired { methods }: FactorRequired) -> Self {
        Self::new(Code::SecondFactorRequired).with_extensions(Extensions {
            methods: Some(methods),
            ..Extensions::default()
        })
    }
}

impl ProblemCodes for FactorRequired {
    fn codes() -> Vec<Code> {
        vec![Code::SecondFactorRequired]
    }
}

impl From<WrongTotpCode> for ApiError {
    fn from(error: WrongTotpCode) -> Self {
        Self::field(
            FieldLocation::Pointer("/code".to_owned()),
            FieldError::new(FieldCode::WrongCode, error.to_string()),
        )
    }
}

impl ProblemCodes for WrongTotpCode {
    fn codes() -> Vec<Code> {
        vec![Code::ValidationFailed]
    }
}

impl From<InvalidPasskey> for ApiError {
    fn from(error: InvalidPasskey) -> Self {
        Self::field(
            FieldLocation::Pointer("/credential".to_owned()),
            FieldError::new(FieldCode::Rejected, error.to_string()),
        )
    }
}

impl ProblemCodes for InvalidPasskey {
    fn codes() -> Vec<Code> {
        vec![Code::ValidationFailed]
    }
}

impl ProblemCodes for StepUpRequired {
    fn codes() -> Vec<Code> {
        vec![Code::StepUpRequired]
    }
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
    roles::UpdateError { NameTaken, BuiltIn, NoSecondFactor }
    roles::DeleteError { BuiltIn, InUse }
    sign_in::SignInError { InvalidCredentials, AccountDisabled, EmailNotVerified, SecondFactorRequired, Signing }
    sign_in::SecondFactorError { InvalidToken, WrongCode, InvalidCredentials, AccountDisabled, EmailNotVerified, Signing }
    sign_in::PasskeyRequestError { InvalidToken, PasskeysUnavailable }
    sign_in::PasskeySignInError { PasskeysUnavailable, InvalidToken, UnknownPasskey, InvalidCredentials, AccountDisabled, EmailNotVerified, Signing }
    sign_in::StepUpError { PasskeysUnavailable, InvalidToken, WrongCode, IncorrectPassword, InvalidCredentials, FactorRequired }
    factors::TotpError { TotpEnabled }
    factors::ConfirmTotpError { TotpEnabled, InvalidToken, WrongTotpCode }
    factors::RecoveryCodesError { NoFactor }
    factors::RequestPasskeyError { PasskeysUnavailable, TooManyPasskeys }
    factors::RegisterPasskeyError { PasskeysUnavailable, InvalidToken, InvalidPasskey, PasskeyRegistered, TooManyPasskeys }
    factors::RemoveFactorError { LastCredential }
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
        let pointer = taken.errors[0].pointer.as_deref();
        assert_eq!((taken.code, pointer), (Code::Taken, Some("/name")));
        let in_use = ApiError::from(StoreError::Reference("a row refers to this one".into()));
        assert_eq!(in_use.code, Code::InUse);
    }

    #[test]
    fn unknown_reference_names_the_field() {
        let error = ApiError::from(Error::UnknownReference { field: "owner_id" });
        let pointer = error.errors[0].pointer.as_deref();
        assert_eq!((error.code, pointer), (Code::ValidationFailed, Some("/owner_id")));
    }
}
