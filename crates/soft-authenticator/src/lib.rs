//! An authenticator of Web Authentication in software, together with the browser around it, for tests.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a panic fails the test that uses the crate"
)]

pub mod cbor;
mod key;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub use key::Algorithm;
use key::Key;

/// The flag of authenticator data: the user was present.
pub const UP: u8 = 1;
/// The flag of authenticator data: the user was verified.
pub const UV: u8 = 1 << 2;
/// The flag of authenticator data: the credential may be backed up.
pub const BE: u8 = 1 << 3;
/// The flag of authenticator data: the credential is backed up.
pub const BS: u8 = 1 << 4;
/// The flag of authenticator data: the data contains a new credential.
const AT: u8 = 1 << 6;
/// The flag of authenticator data: the data contains the output of extensions.
const ED: u8 = 1 << 7;

/// An authenticator, and the page on which it is used.
pub struct SoftAuthenticator {
    /// The origin of the page.
    pub origin: String,
    /// The identifier of the relying party.
    pub rp_id: String,
    credentials: Vec<Credential>,
}

/// The choices of an authenticator and of a browser.
#[derive(Debug, Clone)]
pub struct Options {
    /// The flags of the authenticator data, of [`UP`], [`UV`], [`BE`] and [`BS`].
    pub flags: u8,
    /// The signature counter.
    pub counter: u32,
    /// Members of the client data that are added or replaced, for example `{"crossOrigin": true}`.
    pub client_data: Value,
    /// The output of extensions in CBOR. If it is empty, there is none.
    pub extensions: Vec<u8>,
    /// The algorithm of a new key.
    pub algorithm: Algorithm,
    /// The model of the authenticator.
    pub aaguid: [u8; 16],
    /// The number of bytes of the identifier of a new credential.
    pub credential_id_length: usize,
}

impl Default for Options {
    /// Returns the choices of a platform authenticator that does not synchronize passkeys.
    fn default() -> Self {
        Self {
            flags: UP | UV,
            counter: 0,
            client_data: json!({}),
            extensions: Vec::new(),
            algorithm: Algorithm::Es256,
            aaguid: [0; 16],
            credential_id_length: 32,
        }
    }
}

struct Credential {
    id: Vec<u8>,
    user_handle: Vec<u8>,
    key: Key,
}

impl SoftAuthenticator {
    /// Creates an authenticator without credentials.
    #[must_use]
    pub fn new(origin: &str, rp_id: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            rp_id: rp_id.to_owned(),
            credentials: Vec::new(),
        }
    }

    /// Creates a credential and returns a `RegistrationResponseJSON`.
    pub fn create(&mut self, challenge: &[u8], user_handle: &[u8], options: &Options) -> Value {
        let mut id = vec![0; options.credential_id_length];
        rand::fill(&mut id).expect("randomness");
        let key = Key::generate(options.algorithm);
        let id_length = u16::try_from(id.len()).expect("a short identifier").to_be_bytes();
        let credential = [&options.aaguid, &id_length[..], &id, &key.to_cose()].concat();
        let attestation_object = [
            cbor::map(3),
            cbor::text("fmt"),
            cbor::text("none"),
            cbor::text("attStmt"),
            cbor::map(0),
            cbor::text("authData"),
            cbor::bytes(&self.authenticator_data(AT, &credential, options)),
        ]
        .concat();
        let response = json!({
            "clientDataJSON": encode(&self.client_data("webauthn.create", challenge, options)),
            "attestationObject": encode(&attestation_object),
            "transports": ["internal"],
        });
        let json = credential_json(&id, &response, &json!({"credProps": {"rk": true}}));
        let user_handle = user_handle.to_vec();
        self.credentials.push(Credential { id, user_handle, key });
        json
    }

    /// Signs with a credential, the newest one unless one is named, and returns an `AuthenticationResponseJSON`.
    #[must_use]
    pub fn get(&self, challenge: &[u8], credential_id: Option<&[u8]>, options: &Options) -> Value {
        let mut newest_first = self.credentials.iter().rev();
        let credential = newest_first
            .find(|credential| credential_id.is_none_or(|id| id == credential.id))
            .expect("a credential");
        let client_data = self.client_data("webauthn.get", challenge, options);
        let authenticator_data = self.authenticator_data(0, &[], options);
        let signed = [&authenticator_data, digest(&SHA256, &client_data).as_ref()].concat();
        let response = json!({
            "clientDataJSON": encode(&client_data),
            "authenticatorData": encode(&authenticator_data),
            "signature": encode(&credential.key.sign(&signed)),
            "userHandle": encode(&credential.user_handle),
        });
        credential_json(&credential.id, &response, &json!({}))
    }

    fn client_data(&self, kind: &str, challenge: &[u8], options: &Options) -> Vec<u8> {
        let mut client_data = json!({
            "type": kind,
            "challenge": encode(challenge),
            "origin": self.origin,
            "crossOrigin": false,
        });
        let members = client_data.as_object_mut().expect("an object");
        members.extend(options.client_data.as_object().expect("an object").clone());
        client_data.to_string().into_bytes()
    }

    fn authenticator_data(&self, flags: u8, credential: &[u8], options: &Options) -> Vec<u8> {
        let extensions = if options.extensions.is_empty() { 0 } else { ED };
        [
            digest(&SHA256, self.rp_id.as_bytes()).as_ref(),
            &[options.flags | flags | extensions],
            &options.counter.to_be_bytes(),
            credential,
            &options.extensions,
        ]
        .concat()
    }
}

fn credential_json(id: &[u8], response: &Value, extension_results: &Value) -> Value {
    json!({
        "id": encode(id),
        "rawId": encode(id),
        "type": "public-key",
        "response": response,
        "clientExtensionResults": extension_results,
        "authenticatorAttachment": "platform",
    })
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
