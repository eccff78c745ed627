//! Completing a sign-in with a second factor, signing in with a passkey, and step-up.

use deserr::{Deserr, ValuePointerRef};
use utoipa::ToSchema;
use vestibule_domain::{FactorProof, ProofMethod};

use crate::{AuthenticationCredential, FieldCode, FieldError, RequestErrors, Transport, name::names_schema};

names_schema!(
    /// A method by which a user proves who they are.
    pub ProofMethodName as "ProofMethod" = ProofMethod::ALL.iter().map(|method| method.as_str())
);

/// The proof of a second factor after a correct password.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, try_from(SecondFactorFields) = SecondFactorRequest::try_from -> RequestErrors)]
#[serde(tag = "method")]
#[schema(example = json!({ "challenge": "AZM7HnwAcACAAC9uShucPQ0X…", "method": "totp", "code": "123456" }))]
pub enum SecondFactorRequest {
    /// A code of an authenticator app.
    #[serde(rename = "totp")]
    Totp {
        /// The challenge that the sign-in returned.
        challenge: String,
        /// The code.
        code: String,
        /// The transport of the refresh token; `body` by default.
        #[schema(nullable = false)]
        transport: Option<Transport>,
    },
    /// A recovery code.
    #[serde(rename = "recovery_code")]
    RecoveryCode {
        /// The challenge that the sign-in returned.
        challenge: String,
        /// The code. Case, hyphens and blanks are ignored.
        code: String,
        /// The transport of the refresh token; `body` by default.
        #[schema(nullable = false)]
        transport: Option<Transport>,
    },
    /// A passkey.
    #[serde(rename = "passkey")]
    Passkey {
        /// The challenge that the sign-in returned.
        challenge: String,
        /// The response of the browser to the options that were requested with this challenge.
        credential: AuthenticationCredential,
        /// The transport of the refresh token; `body` by default.
        #[schema(nullable = false)]
        transport: Option<Transport>,
    },
}

/// The members of every kind of proof.
#[derive(Debug, Deserr)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
struct SecondFactorFields {
    challenge: String,
    method: SecondFactorMethod,
    #[deserr(default, from(String) = Some)]
    code: Option<String>,
    #[deserr(default, from(AuthenticationCredential) = Some)]
    credential: Option<AuthenticationCredential>,
    #[deserr(default, from(Transport) = Some)]
    transport: Option<Transport>,
}

#[derive(Debug, Clone, Copy, Deserr)]
#[deserr(error = RequestErrors)]
enum SecondFactorMethod {
    #[deserr(rename = "totp")]
    Totp,
    #[deserr(rename = "recovery_code")]
    RecoveryCode,
    #[deserr(rename = "passkey")]
    Passkey,
}

impl TryFrom<SecondFactorFields> for SecondFactorRequest {
    type Error = RequestErrors;

    fn try_from(fields: SecondFactorFields) -> Result<Self, RequestErrors> {
        let SecondFactorFields {
            challenge,
            method,
            code,
            credential,
            transport,
        } = fields;
        let (needed, other) = match method {
            SecondFactorMethod::Passkey => ("credential", code.is_some().then_some("code")),
            _ => ("code", credential.is_some().then_some("credential")),
        };
        if let Some(other) = other {
            let error = FieldError::new(FieldCode::UnknownField, "is not a field of this method");
            return Err(RequestErrors::new(ValuePointerRef::Origin.push_key(other), error));
        }
        match (method, code, credential) {
            (SecondFactorMethod::Totp, Some(code), _) => Ok(Self::Totp {
                challenge,
                code,
                transport,
            }),
            (SecondFactorMethod::RecoveryCode, Some(code), _) => Ok(Self::RecoveryCode {
                challenge,
                code,
                transport,
            }),
            (SecondFactorMethod::Passkey, _, Some(credential)) => Ok(Self::Passkey {
                challenge,
                credential,
                transport,
            }),
            _ => Err(RequestErrors::new(
                ValuePointerRef::Origin.push_key(needed),
                FieldError::required(),
            )),
        }
    }
}

impl SecondFactorRequest {
    /// Returns the challenge, the proof and the transport.
    ///
    /// # Errors
    /// An error of the credential.
    pub fn into_parts(self) -> Result<(String, FactorProof, Transport), FieldError> {
        let (challenge, proof, transport) = match self {
            Self::Totp {
                challenge,
                code,
                transport,
            } => (challenge, FactorProof::Totp(code), transport),
            Self::RecoveryCode {
                challenge,
                code,
                transport,
            } => (challenge, FactorProof::RecoveryCode(code), transport),
            Self::Passkey {
                challenge,
                credential,
                transport,
            } => (challenge, FactorProof::Passkey(credential.try_into()?), transport),
        };
        Ok((challenge, proof, transport.unwrap_or_default()))
    }
}

/// A request for the options to use a passkey.
#[derive(Debug, Default, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct PasskeyOptionsRequest {
    /// The challenge of a sign-in with a password, to use the passkey as second factor. Without it, the passkey suffices
    /// alone.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false)]
    pub challenge: Option<String>,
}

/// A sign-in with a passkey.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e", "credential": { "id": "AZM7HnwAcACAAC9uShucPQ", "rawId": "AZM7HnwAcACAAC9uShucPQ", "type": "public-key", "response": { "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "authenticatorData": "SZYN5YgOjGh0NBcPZHZgWw", "signature": "MEUCIQDv", "userHandle": "AZM7HnwAcACAAAAAAAAAAQ" } } }))]
pub struct PasskeySignInRequest {
    /// The identifier of the challenge.
    pub challenge_id: String,
    /// The response of the browser.
    pub credential: AuthenticationCredential,
    /// The transport of the refresh token; `body` by default.
    #[deserr(default, from(Transport) = Some)]
    #[schema(nullable = false)]
    pub transport: Option<Transport>,
}

/// A proof of identity: `password`, `method` and `code`, or `challenge_id` and `credential`.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, try_from(StepUpFields) = StepUpRequest::try_from -> RequestErrors)]
#[serde(untagged)]
#[schema(example = json!({ "password": "correct horse battery" }))]
pub enum StepUpRequest {
    /// The password, for users without a second factor.
    Password {
        /// The password.
        password: String,
    },
    /// A code.
    Code {
        /// The kind of code.
        method: CodeMethod,
        /// The code.
        code: String,
    },
    /// A passkey.
    Passkey {
        /// The identifier of the challenge.
        challenge_id: String,
        /// The response of the browser.
        credential: AuthenticationCredential,
    },
}

/// A kind of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
pub enum CodeMethod {
    /// A code of an authenticator app.
    #[deserr(rename = "totp")]
    #[serde(rename = "totp")]
    Totp,
    /// A recovery code.
    #[deserr(rename = "recovery_code")]
    #[serde(rename = "recovery_code")]
    RecoveryCode,
}

impl CodeMethod {
    /// Returns a code of this kind as a proof.
    #[must_use]
    pub const fn proof(self, code: String) -> FactorProof {
        match self {
            Self::Totp => FactorProof::Totp(code),
            Self::RecoveryCode => FactorProof::RecoveryCode(code),
        }
    }
}

/// The members of every kind of proof.
#[derive(Debug, Deserr)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
struct StepUpFields {
    #[deserr(default, from(String) = Some)]
    password: Option<String>,
    #[deserr(default, from(CodeMethod) = Some)]
    method: Option<CodeMethod>,
    #[deserr(default, from(String) = Some)]
    code: Option<String>,
    #[deserr(default, from(String) = Some)]
    challenge_id: Option<String>,
    #[deserr(default, from(AuthenticationCredential) = Some)]
    credential: Option<AuthenticationCredential>,
}

impl TryFrom<StepUpFields> for StepUpRequest {
    type Error = RequestErrors;

    fn try_from(fields: StepUpFields) -> Result<Self, RequestErrors> {
        let missing = |name| RequestErrors::new(ValuePointerRef::Origin.push_key(name), FieldError::required());
        match fields {
            StepUpFields {
                password: Some(password),
                method: None,
                code: None,
                challenge_id: None,
                credential: None,
            } => Ok(Self::Password { password }),
            StepUpFields {
                password: None,
                method: Some(method),
                code: Some(code),
                challenge_id: None,
                credential: None,
            } => Ok(Self::Code { method, code }),
            StepUpFields {
                password: None,
                method: None,
                code: None,
                challenge_id: Some(challenge_id),
                credential: Some(credential),
            } => Ok(Self::Passkey {
                challenge_id,
                credential,
            }),
            StepUpFields {
                password: None,
                method: Some(_),
                code: None,
                ..
            } => Err(missing("code")),
            StepUpFields {
                password: None,
                method: None,
                code: Some(_),
                ..
            } => Err(missing("method")),
            StepUpFields {
                password: None,
                challenge_id: Some(_),
                credential: None,
                ..
            } => Err(missing("credential")),
            StepUpFields {
                password: None,
                challenge_id: None,
                credential: Some(_),
                ..
            } => Err(missing("challenge_id")),
            StepUpFields {
                password: None,
                method: None,
                ..
            } => Err(missing("password")),
            _ => Err(RequestErrors::new(
                ValuePointerRef::Origin,
                FieldError::new(FieldCode::NotAllowedValue, "must contain one kind of proof"),
            )),
        }
    }
}
