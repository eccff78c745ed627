//! The port to the ceremonies of Web Authentication.

use crate::model::{AuthenticationResponse, PasskeyChallenge, PasskeyKey, RegistrationResponse, VerifiedPasskeyUse};

/// Verifies the responses of authenticators (Web Authentication Level 3, sections 7.1 and 7.2) for one relying party.
pub trait Passkeys: Send + Sync {
    /// Returns the identifier of the relying party, a host name.
    fn rp_id(&self) -> &str;

    /// Returns the origins that may use the passkeys of this relying party, the origin of the public URL first.
    fn origins(&self) -> &[String];

    /// Verifies the response to a request to create a passkey. The user need not be present, because browsers also
    /// create passkeys right after a sign-in with a saved password (conditional create).
    ///
    /// # Errors
    /// [`PasskeyError`].
    fn verify_registration(
        &self,
        challenge: &PasskeyChallenge,
        response: &RegistrationResponse,
    ) -> Result<PasskeyKey, PasskeyError>;

    /// Verifies the response to a request to sign in with a passkey. The caller checks that the credential and the user
    /// handle belong to the user.
    ///
    /// # Errors
    /// [`PasskeyError`].
    fn verify_authentication(
        &self,
        challenge: &PasskeyChallenge,
        key: &PasskeyKey,
        response: &AuthenticationResponse,
    ) -> Result<VerifiedPasskeyUse, PasskeyError>;
}

/// The response of an authenticator was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// It does not have the form that the standard prescribes.
    #[error("the response is malformed")]
    Malformed,
    /// It responds to a different challenge, or to a request of the other kind.
    #[error("the response belongs to a different challenge")]
    Challenge,
    /// It was created on a page of a different origin, or in a frame of one.
    #[error("the response was created on a page of a different origin")]
    Origin,
    /// It was created for a different relying party.
    #[error("the response was created for a different relying party")]
    RelyingParty,
    /// The user was not present.
    #[error("the user was not present")]
    UserNotPresent,
    /// The key has an algorithm that was not offered.
    #[error("the algorithm of the key is not supported")]
    Algorithm,
    /// The authenticator contradicts itself about backups: it cannot be backed up but is, or this has changed.
    #[error("the backup state is contradictory")]
    BackupState,
    /// The counter of signatures has not increased, so that the authenticator may have been copied.
    #[error("the signature counter has not increased")]
    Counter,
    /// The signature is incorrect.
    #[error("the signature is incorrect")]
    Signature,
}

impl PasskeyError {
    /// Returns the name of the reason in audit events.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Challenge => "challenge",
            Self::Origin => "origin",
            Self::RelyingParty => "relying_party",
            Self::UserNotPresent => "user_not_present",
            Self::Algorithm => "algorithm",
            Self::BackupState => "backup_state",
            Self::Counter => "counter",
            Self::Signature => "signature",
        }
    }
}
