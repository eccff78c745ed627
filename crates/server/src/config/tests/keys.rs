//! Tests of the settings of keys.

use vestibule_security::{KeyPair, SigningAlgorithm};

use super::{KEY, Source, TempFile, errors_of, read};

#[test]
fn secret_from_file_conflicts_with_variable() {
    let file = TempFile::new("key", &format!("{KEY}\n"));
    let config = read(&[("VESTIBULE_SECRET_KEY_FILE", file.as_str())]).expect("valid");
    assert_eq!(config.tokens.secret_key.expect("set").encode().expose(), KEY);
    let setting = config
        .settings
        .iter()
        .find(|setting| setting.name == "VESTIBULE_SECRET_KEY")
        .expect("read");
    assert_eq!(
        (setting.display.as_str(), &setting.source),
        ("(set)", &Source::File(file.0.clone()))
    );

    let both = errors_of(&[
        ("VESTIBULE_SECRET_KEY", KEY),
        ("VESTIBULE_SECRET_KEY_FILE", file.as_str()),
    ]);
    assert_eq!(
        both,
        ["VESTIBULE_SECRET_KEY: is set, and so is VESTIBULE_SECRET_KEY_FILE; set only one of them"]
    );

    let missing = errors_of(&[("DATABASE_URL_FILE", "/nowhere/url")]);
    assert!(
        missing[0].starts_with("DATABASE_URL_FILE: /nowhere/url cannot be read: "),
        "{missing:?}"
    );
}

#[test]
fn postgres_requires_a_secret_key() {
    let errors = errors_of(&[("DATABASE_URL", "postgres://db/app")]);
    assert!(
        errors.len() == 1 && errors[0].starts_with("VESTIBULE_SECRET_KEY: must be set with PostgreSQL"),
        "{errors:?}"
    );
    assert!(read(&[("DATABASE_URL", "sqlite::memory:")]).is_ok());
}

#[test]
fn weak_secret_key_is_one_error_without_the_key() {
    for weak in ["short", "changemechangemechangemechangeme", ""] {
        let errors = errors_of(&[("DATABASE_URL", "postgres://db/app"), ("VESTIBULE_SECRET_KEY", weak)]);
        assert!(
            errors.len() == 1 && errors[0].starts_with("VESTIBULE_SECRET_KEY: must be "),
            "{errors:?}"
        );
        assert!(weak.is_empty() || !errors[0].contains(weak), "{errors:?}");
    }
}

#[test]
fn jwt_private_key_must_match_the_algorithm() {
    let pem = |algorithm| KeyPair::generate(algorithm).expect("a key").expose().clone();
    let (ed, ec) = (pem(SigningAlgorithm::EdDsa), pem(SigningAlgorithm::Es256));
    let pairs = |algorithm: &str, pem: &str| {
        let config = read(&[
            ("VESTIBULE_JWT_ALGORITHM", algorithm),
            ("VESTIBULE_JWT_PRIVATE_KEY", pem),
        ]);
        config.map(|config| config.tokens.key_pairs.len())
    };
    assert_eq!(pairs("EdDSA", &ed), Ok(1));
    assert_eq!(pairs("ES256", &format!("{ec}{ed}")), Ok(2));
    for (algorithm, pem, expected) in [
        ("ES256", ed.as_str(), "starts with a key for EdDSA"),
        ("HS256", ed.as_str(), "has no effect with HS256"),
        ("EdDSA", "hunter2", "must be a private key for"),
        ("RS256", ed.as_str(), "`RS256` is not `HS256` or `EdDSA` or `ES256`"),
    ] {
        let errors = pairs(algorithm, pem).expect_err("invalid");
        assert!(errors.len() == 1 && errors[0].contains(expected), "{errors:?}");
    }
    let missing = errors_of(&[("VESTIBULE_JWT_ALGORITHM", "EdDSA")]);
    assert!(
        missing[0].contains("must be set with VESTIBULE_JWT_ALGORITHM=EdDSA"),
        "{missing:?}"
    );
}
