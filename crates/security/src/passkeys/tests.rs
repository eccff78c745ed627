//! Tests with an authenticator in software.

mod authentication;
mod registration;
mod vectors;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use vestibule_domain::{
    AuthenticationResponse, CredentialId, PasskeyChallenge, PasskeyError, PasskeyKey, Passkeys, RegistrationResponse,
    VerifiedPasskeyUse,
};
use vestibule_soft_authenticator::{Options, SoftAuthenticator};

use super::WebAuthn;

const ORIGIN: &str = "https://accounts.example.com";
const RP_ID: &str = "example.com";
const CHALLENGE: [u8; 32] = [7; 32];
const USER_HANDLE: &[u8] = b"a user";

fn authenticator() -> SoftAuthenticator {
    SoftAuthenticator::new(ORIGIN, RP_ID)
}

fn web_authn() -> WebAuthn {
    let origins = [ORIGIN, "https://shop.example", "http://localhost:8080"];
    WebAuthn::new(RP_ID.to_owned(), origins.map(str::to_owned).to_vec())
}

fn decode(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

fn registration_response(json: &Value) -> RegistrationResponse {
    RegistrationResponse {
        credential_id: CredentialId(decode(&json["rawId"])),
        client_data: decode(&json["response"]["clientDataJSON"]),
        attestation_object: decode(&json["response"]["attestationObject"]),
        transports: vec!["internal".to_owned()],
        discoverable: json["clientExtensionResults"]["credProps"]["rk"].as_bool(),
    }
}

fn authentication_response(json: &Value) -> AuthenticationResponse {
    AuthenticationResponse {
        credential_id: CredentialId(decode(&json["rawId"])),
        client_data: decode(&json["response"]["clientDataJSON"]),
        authenticator_data: decode(&json["response"]["authenticatorData"]),
        signature: decode(&json["response"]["signature"]),
        user_handle: Some(decode(&json["response"]["userHandle"])),
    }
}

fn create(authenticator: &mut SoftAuthenticator, options: &Options) -> RegistrationResponse {
    registration_response(&authenticator.create(&CHALLENGE, USER_HANDLE, options))
}

fn get(authenticator: &SoftAuthenticator, options: &Options) -> AuthenticationResponse {
    authentication_response(&authenticator.get(&CHALLENGE, None, options))
}

fn verify_registration(response: &RegistrationResponse) -> Result<PasskeyKey, PasskeyError> {
    web_authn().verify_registration(&PasskeyChallenge::new(CHALLENGE), response)
}

fn verify_authentication(
    key: &PasskeyKey,
    response: &AuthenticationResponse,
) -> Result<VerifiedPasskeyUse, PasskeyError> {
    web_authn().verify_authentication(&PasskeyChallenge::new(CHALLENGE), key, response)
}

fn register(authenticator: &mut SoftAuthenticator, options: &Options) -> Result<PasskeyKey, PasskeyError> {
    verify_registration(&create(authenticator, options))
}

/// Returns an authenticator with a passkey, and the key of it.
fn registered(options: &Options) -> (SoftAuthenticator, PasskeyKey) {
    let mut authenticator = authenticator();
    let key = register(&mut authenticator, options).unwrap();
    (authenticator, key)
}

/// Returns options for client data with these members.
fn with_client_data(client_data: Value) -> Options {
    Options {
        client_data,
        ..Options::default()
    }
}

/// Returns members of client data, each with the error of a response that contains it, in either ceremony.
fn rejected_client_data() -> Vec<(Value, PasskeyError)> {
    vec![
        (json!({"challenge": "BwcH"}), PasskeyError::Challenge),
        (json!({"challenge": ""}), PasskeyError::Challenge),
        (
            json!({"challenge": URL_SAFE_NO_PAD.encode([8; 32])}),
            PasskeyError::Challenge,
        ),
        (
            json!({"challenge": format!("{}=", URL_SAFE_NO_PAD.encode(CHALLENGE))}),
            PasskeyError::Challenge,
        ),
        (json!({"type": "payment.get"}), PasskeyError::Challenge),
        (json!({"crossOrigin": true}), PasskeyError::Origin),
        (json!({"topOrigin": ORIGIN}), PasskeyError::Origin),
        (json!({"topOrigin": null}), PasskeyError::Origin),
        (json!({"origin": "https://example.com"}), PasskeyError::Origin),
        (json!({"origin": "http://accounts.example.com"}), PasskeyError::Origin),
        (json!({"origin": "https://accounts.example.com/"}), PasskeyError::Origin),
        (
            json!({"origin": "https://accounts.example.com:443"}),
            PasskeyError::Origin,
        ),
        (json!({"origin": "https://ACCOUNTS.example.com"}), PasskeyError::Origin),
        (
            json!({"origin": "https://accounts.example.com.evil.example"}),
            PasskeyError::Origin,
        ),
        (json!({"origin": "null"}), PasskeyError::Origin),
        (json!({"origin": null}), PasskeyError::Malformed),
        (json!({"crossOrigin": "true"}), PasskeyError::Malformed),
        (json!({"type": 1}), PasskeyError::Malformed),
    ]
}

/// Returns members of client data that browsers may send.
fn accepted_client_data() -> Vec<Value> {
    vec![
        json!({}),
        json!({"crossOrigin": null}),
        json!({"origin": "https://shop.example"}),
        json!({"origin": "http://localhost:8080"}),
        json!({"other_keys_can_be_added_here": "do not compare clientDataJSON against a template"}),
        json!({"tokenBinding": {"status": "supported"}}),
    ]
}
