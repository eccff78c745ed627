//! Registration.

use uuid::Uuid;
use vestibule_soft_authenticator::{BE, BS, UP, UV, cbor};

use super::*;

/// Replaces the first occurrence of some bytes.
fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let start = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..start], to, &bytes[start + from.len()..]].concat()
}

#[test]
fn the_key_is_returned() {
    let options = Options {
        flags: UP | UV | BE | BS,
        counter: 3,
        aaguid: *b"an authenticator",
        ..Options::default()
    };
    let response = create(&mut authenticator(), &options);
    let key = verify_registration(&response).unwrap();
    assert_eq!(key.credential_id, response.credential_id);
    assert_eq!(key.aaguid, Uuid::from_bytes(*b"an authenticator"));
    assert_eq!(key.sign_count, 3);
    assert!(key.user_verified && key.backup_eligible && key.backed_up);
    assert!(response.attestation_object.ends_with(&key.public_key));
}

#[test]
fn the_user_need_neither_be_present_nor_verified() {
    for (flags, verified) in [(0, false), (UP, false), (UV, true), (UP | UV, true)] {
        let options = Options {
            flags,
            ..Options::default()
        };
        let key = register(&mut authenticator(), &options).unwrap();
        assert_eq!(key.user_verified, verified, "{flags:#b}");
    }
}

#[test]
fn client_data_are_verified() {
    for (members, error) in rejected_client_data() {
        let result = register(&mut authenticator(), &with_client_data(members.clone()));
        assert_eq!(result, Err(error), "{members}");
    }
    for members in accepted_client_data() {
        let result = register(&mut authenticator(), &with_client_data(members.clone()));
        assert!(result.is_ok(), "{members}");
    }
    let sign_in = with_client_data(json!({"type": "webauthn.get"}));
    assert_eq!(register(&mut authenticator(), &sign_in), Err(PasskeyError::Challenge));
}

#[test]
fn client_data_are_json() {
    let response = create(&mut authenticator(), &Options::default());
    let text = String::from_utf8(response.client_data.clone()).unwrap();
    let without_origin = text.replace("\"origin\"", "\"origins\"");
    let repeated = text.replacen('{', "{\"origin\":\"https://shop.example\",", 1);
    let trailing = format!("{text} {{}}");
    for client_data in ["", "[]", "\u{feff}{}", &without_origin, &repeated, &trailing] {
        let response = RegistrationResponse {
            client_data: client_data.into(),
            ..response.clone()
        };
        assert_eq!(
            verify_registration(&response),
            Err(PasskeyError::Malformed),
            "{client_data}"
        );
    }
}

#[test]
fn a_different_relying_party_is_rejected() {
    let mut authenticator = SoftAuthenticator::new(ORIGIN, "accounts.example.com");
    let result = register(&mut authenticator, &Options::default());
    assert_eq!(result, Err(PasskeyError::RelyingParty));
}

#[test]
fn a_backup_of_what_cannot_be_backed_up_is_rejected() {
    let options = Options {
        flags: UP | BS,
        ..Options::default()
    };
    assert_eq!(register(&mut authenticator(), &options), Err(PasskeyError::BackupState));
}

#[test]
fn other_attestation_formats_are_ignored() {
    let mut response = create(&mut authenticator(), &Options::default());
    let none = [cbor::text("none"), cbor::text("attStmt"), cbor::map(0)].concat();
    let statement = [cbor::map(1), cbor::text("sig"), cbor::bytes(b"unverified")].concat();
    let packed = [cbor::text("packed"), cbor::text("attStmt"), statement].concat();
    response.attestation_object = replace(&response.attestation_object, &none, &packed);
    assert!(verify_registration(&response).is_ok());
}

#[test]
fn the_credential_is_the_one_that_was_attested() {
    let mut response = create(&mut authenticator(), &Options::default());
    response.credential_id.0[0] ^= 1;
    assert_eq!(verify_registration(&response), Err(PasskeyError::Malformed));
}

#[test]
fn identifiers_have_16_to_1023_bytes() {
    for (credential_id_length, accepted) in [(0, false), (15, false), (16, true), (1023, true), (1024, false)] {
        let options = Options {
            credential_id_length,
            ..Options::default()
        };
        let result = register(&mut authenticator(), &options);
        assert_eq!(result.is_ok(), accepted, "{credential_id_length}");
    }
}

#[test]
fn extensions_are_skipped_and_trailing_bytes_rejected() {
    let nested = [cbor::map(1), cbor::text("credProtect"), vec![0x81, 0xa1, 0x01, 0xf5]].concat();
    for (extensions, accepted) in [
        (cbor::map(0), true),
        (nested, true),
        (vec![0xa0, 0], false),
        (vec![0xa1, 0x61], false),
        (cbor::text("not a map"), false),
        (vec![0xff], false),
    ] {
        let options = Options {
            extensions,
            ..Options::default()
        };
        let result = register(&mut authenticator(), &options);
        assert_eq!(result.is_ok(), accepted, "{:?}", options.extensions);
        assert!(accepted || result == Err(PasskeyError::Malformed));
    }
}

#[test]
fn malformed_attestation_objects_are_rejected() {
    let response = create(&mut authenticator(), &Options::default());
    let object = &response.attestation_object;
    let data = &object[object.len() - object.len().min(164)..];
    assert_eq!(data.len(), 164);
    let mut without_credential = data[..37].to_vec();
    without_credential[32] = UP;
    let repeated = [cbor::text("authData"), cbor::bytes(data)].concat();
    let mut malformed: Vec<_> = (0..object.len()).map(|length| object[..length].to_vec()).collect();
    malformed.extend([
        [&object[..], &[0]].concat(),
        [cbor::map(1), cbor::text("authData"), cbor::text("text")].concat(),
        [cbor::map(1), cbor::text("authData"), cbor::bytes(&without_credential)].concat(),
        [
            cbor::map(1),
            cbor::text("authData"),
            cbor::bytes(&[data, &[0]].concat()),
        ]
        .concat(),
        [cbor::map(2), repeated.clone(), repeated.clone()].concat(),
        [vec![0xbf], repeated.clone(), vec![0xff]].concat(),
        [cbor::map(1), cbor::text("fmt"), cbor::text("none")].concat(),
        vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]);
    for attestation_object in malformed {
        let response = RegistrationResponse {
            attestation_object,
            ..response.clone()
        };
        let result = verify_registration(&response);
        assert_eq!(
            result,
            Err(PasskeyError::Malformed),
            "{:?}",
            response.attestation_object
        );
    }
}

#[test]
fn keys_of_other_algorithms_are_rejected() {
    let mut response = create(&mut authenticator(), &Options::default());
    let (es256, es384) = (
        [cbor::integer(3), cbor::integer(-7)],
        [cbor::integer(3), cbor::integer(-9)],
    );
    response.attestation_object = replace(&response.attestation_object, &es256.concat(), &es384.concat());
    assert_eq!(verify_registration(&response), Err(PasskeyError::Algorithm));
}
