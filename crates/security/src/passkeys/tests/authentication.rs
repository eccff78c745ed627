//! Authentication.

use vestibule_soft_authenticator::{Algorithm, BE, BS, UP, UV};

use super::*;

fn with_flags(flags: u8) -> Options {
    Options {
        flags,
        ..Options::default()
    }
}

fn with_counter(counter: u32) -> Options {
    Options {
        counter,
        ..Options::default()
    }
}

#[test]
fn each_algorithm_signs_in() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
        let options = Options {
            algorithm,
            ..Options::default()
        };
        let (authenticator, key) = registered(&options);
        let response = get(&authenticator, &with_counter(1));
        let expected = VerifiedPasskeyUse {
            sign_count: 1,
            user_verified: true,
            backed_up: false,
        };
        assert_eq!(verify_authentication(&key, &response), Ok(expected), "{algorithm:?}");

        let (_, other_key) = registered(&options);
        let result = verify_authentication(&other_key, &response);
        assert_eq!(result, Err(PasskeyError::Signature), "{algorithm:?}");
    }
}

#[test]
fn changed_responses_are_rejected() {
    let (authenticator, key) = registered(&Options::default());
    let response = get(&authenticator, &Options::default());
    let mut changed = vec![response.clone(); 4];
    changed[0].signature.clear();
    changed[1].signature.push(0);
    changed[2].authenticator_data[36] = 1;
    changed[3].client_data.push(b' ');
    for response in changed {
        assert_eq!(verify_authentication(&key, &response), Err(PasskeyError::Signature));
    }
}

#[test]
fn client_data_are_verified() {
    let (authenticator, key) = registered(&Options::default());
    let verify = |members| verify_authentication(&key, &get(&authenticator, &with_client_data(members)));
    for (members, error) in rejected_client_data() {
        assert_eq!(verify(members.clone()), Err(error), "{members}");
    }
    for members in accepted_client_data() {
        assert!(verify(members.clone()).is_ok(), "{members}");
    }
    assert_eq!(verify(json!({"type": "webauthn.create"})), Err(PasskeyError::Challenge));
}

#[test]
fn a_different_relying_party_is_rejected() {
    let (mut authenticator, key) = registered(&Options::default());
    authenticator.rp_id = "accounts.example.com".to_owned();
    let response = get(&authenticator, &Options::default());
    assert_eq!(verify_authentication(&key, &response), Err(PasskeyError::RelyingParty));
}

#[test]
fn the_user_must_be_present_but_need_not_be_verified() {
    let (authenticator, key) = registered(&Options::default());
    for flags in [0, UV] {
        let response = get(&authenticator, &with_flags(flags));
        assert_eq!(
            verify_authentication(&key, &response),
            Err(PasskeyError::UserNotPresent)
        );
    }
    for (flags, verified) in [(UP, false), (UP | UV, true)] {
        let response = get(&authenticator, &with_flags(flags));
        assert_eq!(verify_authentication(&key, &response).unwrap().user_verified, verified);
    }
}

#[test]
fn only_the_backup_state_may_change() {
    for (before, now, expected) in [
        (UP, UP, Ok(false)),
        (UP | BE, UP | BE | BS, Ok(true)),
        (UP | BE | BS, UP | BE, Ok(false)),
        (UP, UP | BE, Err(PasskeyError::BackupState)),
        (UP | BE, UP, Err(PasskeyError::BackupState)),
        (UP, UP | BS, Err(PasskeyError::BackupState)),
        (UP | BE | BS, UP | BS, Err(PasskeyError::BackupState)),
    ] {
        let (authenticator, key) = registered(&with_flags(before));
        let result = verify_authentication(&key, &get(&authenticator, &with_flags(now)));
        assert_eq!(
            result.map(|verified| verified.backed_up),
            expected,
            "{before:#b} to {now:#b}"
        );
    }
}

#[test]
fn the_counter_must_increase() {
    for (before, now, accepted) in [
        (0, 0, true),
        (0, 1, true),
        (5, 6, true),
        (5, u32::MAX, true),
        (1, 0, false),
        (5, 5, false),
        (5, 4, false),
        (u32::MAX, 1, false),
    ] {
        let (authenticator, key) = registered(&with_counter(before));
        let mut response = get(&authenticator, &with_counter(now));
        let result = verify_authentication(&key, &response).map(|verified| verified.sign_count);
        let expected = if accepted { Ok(now) } else { Err(PasskeyError::Counter) };
        assert_eq!(result, expected, "{before} to {now}");

        response.signature.clear();
        assert_eq!(verify_authentication(&key, &response), Err(PasskeyError::Signature));
    }
}

#[test]
fn extensions_are_skipped_and_trailing_bytes_rejected() {
    let (authenticator, key) = registered(&Options::default());
    for (extensions, accepted) in [
        (vec![0xa1, 0x01, 0xf5], true),
        (vec![0xa0, 0], false),
        (vec![0xf5], false),
    ] {
        let options = Options {
            extensions,
            ..Options::default()
        };
        let result = verify_authentication(&key, &get(&authenticator, &options));
        assert_eq!(result.is_ok(), accepted);
        assert!(accepted || result == Err(PasskeyError::Malformed));
    }
    let response = get(&authenticator, &Options::default());
    let data = &response.authenticator_data;
    let truncated = (0..data.len()).map(|length| data[..length].to_vec());
    for authenticator_data in truncated.chain([[&data[..], &[0]].concat()]) {
        let response = AuthenticationResponse {
            authenticator_data,
            ..response.clone()
        };
        assert_eq!(verify_authentication(&key, &response), Err(PasskeyError::Malformed));
    }
}
