//! The ceremonies of Web Authentication Level 3, for a relying party that requests no attestation.

mod authenticator_data;
mod client_data;
mod public_key;
#[cfg(test)]
mod tests;

use aws_lc_rs::digest::{Digest, SHA256, digest};
use vestibule_domain::{
    AuthenticationResponse, CredentialId, PasskeyChallenge, PasskeyError, PasskeyKey, Passkeys, RegistrationResponse,
    VerifiedPasskeyUse,
};

use authenticator_data::AuthenticatorData;
use client_data::Ceremony;
use public_key::PublicKey;

/// A verifier of the responses of authenticators.
///
/// Attestation statements are ignored: none is requested, and some authenticators send one all the same. The keys may
/// be of ES256, `EdDSA` with Ed25519, or RS256 with 2048 to 4096 bits.
#[derive(Debug, Clone)]
pub struct WebAuthn {
    rp_id: String,
    rp_id_hash: Digest,
    origins: Vec<String>,
}

impl WebAuthn {
    /// Creates a verifier for a relying party and its origins, which must equal those of browsers byte for byte.
    #[must_use]
    pub fn new(rp_id: String, origins: Vec<String>) -> Self {
        let rp_id_hash = digest(&SHA256, rp_id.as_bytes());
        Self {
            rp_id,
            rp_id_hash,
            origins,
        }
    }

    /// Parses authenticator data and checks what both ceremonies have in common.
    fn authenticator_data<'a>(&self, bytes: &'a [u8]) -> Result<AuthenticatorData<'a>, PasskeyError> {
        let data = AuthenticatorData::parse(bytes).ok_or(PasskeyError::Malformed)?;
        if data.rp_id_hash != self.rp_id_hash.as_ref() {
            Err(PasskeyError::RelyingParty)
        } else if data.backed_up() && !data.backup_eligible() {
            Err(PasskeyError::BackupState)
        } else {
            Ok(data)
        }
    }
}

impl Passkeys for WebAuthn {
    fn rp_id(&self) -> &str {
        &self.rp_id
    }

    fn origins(&self) -> &[String] {
        &self.origins
    }

    fn verify_registration(
        &self,
        challenge: &PasskeyChallenge,
        response: &RegistrationResponse,
    ) -> Result<PasskeyKey, PasskeyError> {
        client_data::verify(&response.client_data, Ceremony::Registration, challenge, &self.origins)?;
        let data = authenticator_data::of_attestation(&response.attestation_object).ok_or(PasskeyError::Malformed)?;
        let data = self.authenticator_data(data)?;
        let credential = data.credential.as_ref().ok_or(PasskeyError::Malformed)?;
        if !(16..=1023).contains(&credential.id.len()) || credential.id != response.credential_id.0 {
            return Err(PasskeyError::Malformed);
        }
        PublicKey::parse(credential.public_key)?;
        Ok(PasskeyKey {
            credential_id: CredentialId(credential.id.to_vec()),
            public_key: credential.public_key.to_vec(),
            aaguid: credential.aaguid,
            sign_count: data.sign_count,
            user_verified: data.user_verified(),
            backup_eligible: data.backup_eligible(),
            backed_up: data.backed_up(),
        })
    }

    fn verify_authentication(
        &self,
        challenge: &PasskeyChallenge,
        key: &PasskeyKey,
        response: &AuthenticationResponse,
    ) -> Result<VerifiedPasskeyUse, PasskeyError> {
        client_data::verify(
            &response.client_data,
            Ceremony::Authentication,
            challenge,
            &self.origins,
        )?;
        let data = self.authenticator_data(&response.authenticator_data)?;
        if !data.user_present() {
            return Err(PasskeyError::UserNotPresent);
        }
        if data.backup_eligible() != key.backup_eligible {
            return Err(PasskeyError::BackupState);
        }
        let signed = [
            &response.authenticator_data,
            digest(&SHA256, &response.client_data).as_ref(),
        ]
        .concat();
        PublicKey::parse(&key.public_key)?.verify(&signed, &response.signature)?;
        // Only now is it certain that the authenticator, or a copy of it, sent the counter. If both are 0, it has none.
        if key.sign_count > 0 && data.sign_count <= key.sign_count {
            return Err(PasskeyError::Counter);
        }
        Ok(VerifiedPasskeyUse {
            sign_count: data.sign_count,
            user_verified: data.user_verified(),
            backed_up: data.backed_up(),
        })
    }
}
