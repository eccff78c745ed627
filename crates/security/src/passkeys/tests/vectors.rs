//! Vectors for other verifiers: `scripts/check-passkey-vectors.sh`.

use std::{env, fs};

use vestibule_soft_authenticator::{Algorithm, BE, BS, UP, UV};

use super::*;

#[test]
#[ignore = "writes a file for scripts/check-passkey-vectors.sh"]
fn write_vectors() {
    let path = env::var("PASSKEY_VECTORS").expect("the path of a file");
    let vectors: Vec<Value> = variants()
        .into_iter()
        .flat_map(|(name, options)| [registration(&name, &options), authentication(&name, &options)])
        .collect();
    fs::write(path, json!(vectors).to_string()).unwrap();
}

fn variants() -> Vec<(String, Options)> {
    let default = Options::default;
    let mut variants: Vec<(String, Options)> = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256]
        .map(|algorithm| (format!("{algorithm:?}"), Options { algorithm, ..default() }))
        .into();
    for flags in [0, UP, UV, UP | BE, UP | BE | BS, UP | BS] {
        variants.push((format!("flags {flags}"), Options { flags, ..default() }));
    }
    for counter in [1, 5, 6, u32::MAX] {
        variants.push((format!("counter {counter}"), Options { counter, ..default() }));
    }
    for extensions in [vec![0xa0], vec![0xa1, 0x61, b'x', 0xf5], vec![0xa0, 0], vec![0xa1]] {
        let name = format!("extensions {extensions:?}");
        variants.push((
            name,
            Options {
                extensions,
                ..default()
            },
        ));
    }
    for credential_id_length in [15, 16, 1023, 1024] {
        let name = format!("identifier of {credential_id_length} bytes");
        variants.push((
            name,
            Options {
                credential_id_length,
                ..default()
            },
        ));
    }
    let rejected = rejected_client_data().into_iter().map(|(members, _)| members);
    for members in accepted_client_data().into_iter().chain(rejected) {
        variants.push((format!("client data {members}"), with_client_data(members)));
    }
    variants
}

fn registration(name: &str, options: &Options) -> Value {
    let credential = authenticator().create(&CHALLENGE, USER_HANDLE, options);
    let accepted = verify_registration(&registration_response(&credential)).is_ok();
    vector(&format!("create: {name}"), accepted, &credential, &Value::Null)
}

/// Signs in with a key that was registered with a counter of 5 if this response has a counter.
fn authentication(name: &str, options: &Options) -> Value {
    let (authenticator, mut key) = registered(&Options {
        algorithm: options.algorithm,
        ..Options::default()
    });
    key.backup_eligible = options.flags & BE != 0;
    key.sign_count = options.counter.min(5);
    let credential = authenticator.get(&CHALLENGE, None, options);
    let accepted = verify_authentication(&key, &authentication_response(&credential)).is_ok();
    let public_key = URL_SAFE_NO_PAD.encode(&key.public_key);
    let key = json!({"publicKey": public_key, "counter": key.sign_count});
    vector(&format!("get: {name}"), accepted, &credential, &key)
}

fn vector(name: &str, accepted: bool, credential: &Value, key: &Value) -> Value {
    json!({
        "name": name,
        "accepted": accepted,
        "challenge": URL_SAFE_NO_PAD.encode(CHALLENGE),
        "origins": web_authn().origins(),
        "rpId": RP_ID,
        "credential": credential,
        "key": key,
    })
}
