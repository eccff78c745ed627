//! Passkeys: credentials of Web Authentication.

use uuid::Uuid;

use crate::model::{Id, Kind, Secret, Timestamp, User, text::text_type};

/// A passkey of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its identifier.
    pub id: Id<Passkey>,
    /// The user.
    pub user: Id<User>,
    /// The name, which the user can change.
    pub name: PasskeyName,
    /// The key and its state.
    pub key: PasskeyKey,
    /// The transports of the authenticator, as the browser reported them.
    pub transports: Vec<String>,
    /// True if the authenticator offers the passkey without being given its identifier.
    pub discoverable: bool,
    /// The time when it was added.
    pub created_at: Timestamp,
    /// The time of its last use.
    pub last_used_at: Option<Timestamp>,
}

impl Kind for Passkey {
    const KIND: &'static str = "passkey";
}

/// The maximum number of passkeys of a user.
pub const MAX_PASSKEYS: usize = 50;

text_type! {
    /// The name of a passkey: one line of 1 to 100 code points.
    pub struct PasskeyName(line, 100);
}

/// The identifier that an authenticator chose for a credential: 16 to 1023 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(pub Vec<u8>);

/// The public key of a passkey and the state that its authenticator reported last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyKey {
    /// The identifier of the credential.
    pub credential_id: CredentialId,
    /// The public key as a COSE key (RFC 9052, section 7).
    pub public_key: Vec<u8>,
    /// The model of the authenticator; nil if the authenticator does not disclose it.
    pub aaguid: Uuid,
    /// The counter of signatures; 0 if the authenticator has none.
    pub sign_count: u32,
    /// True if the user was verified at registration, for example with a PIN. Otherwise it serves as second factor only.
    pub user_verified: bool,
    /// True if the passkey may be synchronized between devices.
    pub backup_eligible: bool,
    /// True if the passkey is synchronized between devices.
    pub backed_up: bool,
}

/// A challenge: 32 random bytes, which a response contains signed.
pub type PasskeyChallenge = Secret<[u8; 32]>;

/// The response of an authenticator that created a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationResponse {
    /// The identifier of the credential.
    pub credential_id: CredentialId,
    /// `clientDataJSON`: the challenge and the origin.
    pub client_data: Vec<u8>,
    /// `attestationObject` in CBOR.
    pub attestation_object: Vec<u8>,
    /// The transports of the authenticator.
    pub transports: Vec<String>,
    /// The extension output `credProps.rk`: whether the passkey is discoverable.
    pub discoverable: Option<bool>,
}

/// The response of an authenticator that used a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationResponse {
    /// The identifier of the credential.
    pub credential_id: CredentialId,
    /// `clientDataJSON`: the challenge and the origin.
    pub client_data: Vec<u8>,
    /// `authenticatorData`: the flags and the counter.
    pub authenticator_data: Vec<u8>,
    /// The signature of the authenticator data and the digest of the client data.
    pub signature: Vec<u8>,
    /// The handle of the user; `None` if the authenticator did not return it.
    pub user_handle: Option<Vec<u8>>,
}

/// The state that an authenticator reported when a passkey was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedPasskeyUse {
    /// The counter of signatures.
    pub sign_count: u32,
    /// True if the user was verified, for example with a PIN.
    pub user_verified: bool,
    /// True if the passkey is synchronized between devices.
    pub backed_up: bool,
}
