//! Tests of the settings of mail.

use std::time::Duration;

use super::{TempFile, errors_of, read};

#[test]
fn mail_defaults_follow_the_public_url() {
    let config = read(&[]).expect("valid defaults");
    assert_eq!(config.mail.ehlo_name.to_string(), "localhost");
    assert_eq!(config.mail.timeout, Duration::from_secs(20));
    let public = |url| {
        let variables = [
            ("VESTIBULE_PUBLIC_URL", url),
            ("VESTIBULE_MAIL_URL", "smtp://localhost"),
        ];
        let mail = read(&variables).expect("valid").mail;
        (mail.ehlo_name.to_string(), mail.from.to_string())
    };
    for (url, name, from) in [
        (
            "https://id.example.com:8443",
            "id.example.com",
            "vestibule@id.example.com",
        ),
        (
            "https://b\u{fc}cher.example",
            "xn--bcher-kva.example",
            "vestibule@xn--bcher-kva.example",
        ),
        ("https://192.0.2.7", "[192.0.2.7]", "vestibule@[192.0.2.7]"),
        (
            "https://[2001:db8::7]",
            "[IPv6:2001:db8::7]",
            "vestibule@[IPv6:2001:db8::7]",
        ),
    ] {
        assert_eq!(public(url), (name.to_owned(), from.to_owned()));
    }
}

#[test]
fn mail_ehlo_name_is_a_host_name_or_an_address() {
    let read_name = |variables: &[(&str, &str)]| read(variables).expect("valid").mail.ehlo_name.to_string();
    let named = ("VESTIBULE_MAIL_EHLO_NAME", "mx1.example.com");
    assert_eq!(read_name(&[named]), "mx1.example.com");
    let in_url = ("VESTIBULE_MAIL_URL", "smtp://localhost/old.example.com");
    assert_eq!(read_name(&[in_url]), "old.example.com");
    assert_eq!(read_name(&[in_url, named]), "mx1.example.com");
    let errors = errors_of(&[("VESTIBULE_MAIL_EHLO_NAME", "mx1 example")]);
    assert!(
        errors[0].starts_with("VESTIBULE_MAIL_EHLO_NAME: `mx1 example` is not a host name"),
        "{errors:?}"
    );
}

#[test]
fn mail_password_that_could_be_sent_unencrypted_is_rejected() {
    for tls in ["opportunistic", "none"] {
        let url = format!("smtp://ada:hunter2@mail.example.com?tls={tls}");
        let errors = errors_of(&[("VESTIBULE_MAIL_URL", &url)]);
        assert!(errors.len() == 1 && errors[0].contains("unencrypted"), "{errors:?}");
        assert!(!errors[0].contains("hunter2"), "{errors:?}");
    }
    let errors = errors_of(&[("VESTIBULE_MAIL_URL", "smtp://ada:hunter2#x@mail.example.com")]);
    assert!(
        errors[0].contains("percent-encoded") && !errors[0].contains("hunter2"),
        "{errors:?}"
    );
}

#[test]
fn mail_ca_file_is_validated_and_warns_when_unused() {
    let errors = errors_of(&[("VESTIBULE_MAIL_CA_FILE", "/nowhere/ca.pem")]);
    assert!(
        errors[0].contains("is not a readable file with certificates"),
        "{errors:?}"
    );
    let empty = TempFile::new("ca.pem", "no certificate\n");
    let errors = errors_of(&[("VESTIBULE_MAIL_CA_FILE", empty.as_str())]);
    assert!(
        errors[0].contains("is not a file with certificates: no certificate in PEM format"),
        "{errors:?}"
    );
    let file = TempFile::new(
        "ca-valid.pem",
        &vestibule_testing::MailServer::with_features(vestibule_testing::SmtpFeatures::default()).ca_pem,
    );
    let ca = ("VESTIBULE_MAIL_CA_FILE", file.as_str());
    let verified = read(&[ca, ("VESTIBULE_MAIL_URL", "smtps://mail.example.com")]).expect("valid");
    assert!(verified.mail.authorities.is_some() && verified.warnings.is_empty());
    let opportunistic = read(&[ca, ("VESTIBULE_MAIL_URL", "smtp://mail.example.com")]).expect("valid");
    assert!(opportunistic.warnings.len() == 1 && opportunistic.warnings[0].contains("VESTIBULE_MAIL_CA_FILE"));
}

#[test]
fn public_url_requires_a_mail_url() {
    let public = ("VESTIBULE_PUBLIC_URL", "https://accounts.example.com");
    let errors = errors_of(&[public]);
    assert!(
        errors.len() == 1 && errors[0].starts_with("VESTIBULE_MAIL_URL: must be set"),
        "{errors:?}"
    );
    let errors = errors_of(&[public, ("VESTIBULE_MAIL_URL", "smtp:hunter2")]);
    assert!(errors.len() == 1 && !errors[0].contains("hunter2"), "{errors:?}");
    let errors = errors_of(&[("VESTIBULE_MAIL_FROM", "accounts")]);
    assert!(
        errors[0].starts_with("VESTIBULE_MAIL_FROM: `accounts` is not"),
        "{errors:?}"
    );
    let logged = read(&[public, ("VESTIBULE_MAIL_URL", "log:")]).expect("valid");
    let warnings = logged.warnings.iter().filter(|warning| warning.contains("log:"));
    assert_eq!(warnings.count(), 1, "{:?}", logged.warnings);
    let local = read(&[]).expect("valid");
    assert_eq!((local.mail.url.sends(), local.warnings.len()), (false, 0));
}
