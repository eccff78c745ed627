//! Tests of the settings of passkeys, step-up and idle sessions.

use std::time::Duration;

use super::{errors_of, read};

#[test]
fn relying_party_is_the_public_host_or_a_domain_that_contains_it() {
    let rp_id = |url: &str, rp_id: Option<&str>| {
        let mut variables = vec![("VESTIBULE_PUBLIC_URL", url), ("VESTIBULE_MAIL_URL", "log:")];
        variables.extend(rp_id.map(|rp_id| ("VESTIBULE_PASSKEY_RP_ID", rp_id)));
        read(&variables).map(|config| config.passkeys.rp_id)
    };
    let app = "https://app.example.com:8443";
    assert_eq!(rp_id(app, None), Ok(Some("app.example.com".to_owned())));
    assert_eq!(rp_id(app, Some("example.com")), Ok(Some("example.com".to_owned())));
    assert_eq!(rp_id("http://127.0.0.1:8000", None), Ok(None));
    assert_eq!(rp_id("http://[::1]:8000", None), Ok(None));
    for (url, invalid) in [
        (app, "com"),
        (app, "Example.com"),
        (app, "example.com:8443"),
        (app, "ample.com"),
        (app, "other.example.com"),
        ("http://127.0.0.1:8000", "localhost"),
    ] {
        let error = rp_id(url, Some(invalid)).expect_err("invalid").join("\n");
        assert!(error.starts_with("VESTIBULE_PASSKEY_RP_ID: "), "{invalid}: {error}");
    }
}

#[test]
fn origins_of_passkeys_include_the_public_url_and_related_cors_origins() {
    let config = read(&[]).expect("valid");
    assert_eq!(
        config.passkeys.origins,
        ["http://localhost:8000", "http://localhost:5173"]
    );
    let config = read(&[
        ("VESTIBULE_PUBLIC_URL", "https://app.example.com"),
        ("VESTIBULE_MAIL_URL", "log:"),
        ("VESTIBULE_PASSKEY_RP_ID", "example.com"),
        ("VESTIBULE_CORS_ORIGINS", "https://www.example.com,https://example.org"),
    ]);
    let origins = config.expect("valid").passkeys.origins;
    assert_eq!(origins, ["https://app.example.com", "https://www.example.com"]);
    let errors = errors_of(&[("VESTIBULE_PASSKEY_ORIGINS", "http://example.org")]);
    assert!(errors[0].starts_with("VESTIBULE_PASSKEY_ORIGINS: "), "{errors:?}");
}

#[test]
fn ip_address_as_public_host_is_a_warning() {
    let warnings = read(&[("VESTIBULE_PUBLIC_URL", "http://127.0.0.1:8000")])
        .expect("valid")
        .warnings;
    assert!(
        warnings
            .iter()
            .any(|warning| warning.starts_with("there are no passkeys")),
        "{warnings:?}"
    );
}

#[test]
fn idle_timeout_is_off_or_a_duration() {
    let idle_ttl = |value| read(&[("VESTIBULE_SESSION_IDLE_TTL", value)]).map(|config| config.tokens.session_idle_ttl);
    assert_eq!(read(&[]).expect("valid").tokens.session_idle_ttl, None);
    assert_eq!(idle_ttl("off"), Ok(None));
    assert_eq!(idle_ttl("12h"), Ok(Some(Duration::from_hours(12))));
    for invalid in ["", "0", "1s", "never"] {
        assert!(idle_ttl(invalid).is_err(), "{invalid}");
    }
    assert_eq!(read(&[]).expect("valid").tokens.step_up_age, Duration::from_mins(10));
}
