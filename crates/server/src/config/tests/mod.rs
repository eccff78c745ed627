//! Tests of the configuration as a whole.

use std::{fs, path::PathBuf, time::Duration};

use vestibule_domain::SignUpPolicy;
use vestibule_persistence::{DatabaseOptions, Pooler};

use super::*;

mod keys;
mod mail;
mod passkeys;

const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";

fn read(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let environment = variables.iter().copied().collect();
    Config::read(&environment).map_err(|errors| errors.0.iter().map(ToString::to_string).collect())
}

fn errors_of(variables: &[(&str, &str)]) -> Vec<String> {
    read(variables).map(|_| ()).expect_err("invalid")
}

/// A file that is deleted at the end of the test.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vestibule-{}-{name}", std::process::id()));
        fs::write(&path, text).expect("written");
        Self(path)
    }

    fn as_str(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn defaults_without_any_setting() {
    let config = read(&[]).expect("valid defaults");
    assert_eq!(config.database.kind, DatabaseKind::File("data/vestibule.db".into()));
    assert!(config.database.auto_migrate && config.http.docs);
    assert_eq!(
        (config.database.pool_size, config.database.pooler),
        (
            DatabaseOptions::default_pool_size(config.database.url.expose()),
            Pooler::None
        )
    );
    assert_eq!(config.database.statement_timeout, Duration::from_secs(5));
    assert_eq!(config.http.addr.to_string(), "127.0.0.1:8000");
    assert_eq!(config.http.public_url.as_str(), "http://localhost:8000");
    assert_eq!(config.http.cors_origins, ["http://localhost:5173"]);
    assert_eq!(config.tokens.audience, "http://localhost:8000");
    assert_eq!(config.tokens.access_token_ttl, Duration::from_mins(30));
    assert_eq!(config.tokens.session_ttl, Duration::from_hours(30 * 24));
    assert_eq!(config.tokens.refresh_grace, Duration::from_secs(10));
    assert_eq!((config.passwords.min_length, config.passwords.bcrypt_cost), (8, 12));
    assert_eq!(
        (config.accounts.sign_up, config.log.format),
        (SignUpPolicy::Open, LogFormat::Pretty)
    );
    assert!(config.tokens.secret_key.is_none() && config.warnings.is_empty());
    assert!(config.settings.iter().all(|setting| setting.source == Source::Default));
}

#[test]
fn settings_override_defaults() {
    let config = read(&[
        ("DATABASE_URL", "postgres://ada:hunter2@db/app"),
        ("VESTIBULE_SECRET_KEY", KEY),
        ("VESTIBULE_ADDR", "0.0.0.0:80"),
        ("VESTIBULE_PUBLIC_URL", "https://accounts.example.com/"),
        ("VESTIBULE_MAIL_URL", "smtps://ada:hunter2@mail.example.com"),
        ("VESTIBULE_REQUIRE_VERIFIED_EMAIL", "true"),
        ("VESTIBULE_ACCESS_TOKEN_TTL", "90"),
        ("VESTIBULE_SIGN_UP", "closed"),
        ("VESTIBULE_DATABASE_POOL_SIZE", "25"),
        ("VESTIBULE_STATEMENT_TIMEOUT", "30"),
        ("VESTIBULE_DATABASE_POOLER", "transaction"),
        ("VESTIBULE_DOCS", "off"),
        ("VESTIBULE_LOG_FORMAT", "json"),
    ])
    .expect("valid");
    assert_eq!(config.tokens.audience, "https://accounts.example.com");
    assert_eq!(config.http.cors_origins, Vec::<String>::new());
    assert_eq!(config.tokens.access_token_ttl, Duration::from_secs(90));
    assert_eq!(
        (config.accounts.sign_up, config.http.docs),
        (SignUpPolicy::Closed, false)
    );
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(
        (config.database.pool_size, config.database.pooler),
        (25, Pooler::Transaction)
    );
    assert_eq!(config.database.statement_timeout, Duration::from_secs(30));
    assert!(config.mail.url.sends() && config.accounts.require_verified_email);
    assert_eq!(config.mail.from.to_string(), "vestibule@accounts.example.com");
    assert!(
        !config
            .settings
            .iter()
            .any(|setting| setting.display.contains("hunter2"))
    );
}

#[test]
fn all_errors_are_reported_at_once() {
    let errors = errors_of(&[
        ("DATABASE_URL", "mysql://ada:hunter2@db/app"),
        ("VESTIBULE_ADDR", "8000"),
        ("VESTIBULE_PUBLIC_URL", "https://example.com/app"),
        ("VESTIBULE_CORS_ORIGINS", "*"),
        ("VESTIBULE_SECRET_KEY", "hunter2"),
        ("VESTIBULE_ACCESS_TOKEN_TTL", "soon"),
        ("VESTIBULE_PASSWORD_MIN_LENGTH", "7"),
        ("VESTIBULE_BCRYPT_COST", "17"),
        ("VESTIBULE_SIGN_UP", "maybe"),
        ("VESTIBULE_WORKERS", "0"),
        ("VESTIBULE_AUTO_MIGRATE", ""),
        ("RUST_LOG", "vestibule=loud"),
        ("VESTIBULE_COLOUR", "red"),
    ]);
    let names: Vec<_> = errors.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(
        names,
        [
            "DATABASE_URL",
            "VESTIBULE_AUTO_MIGRATE",
            "VESTIBULE_ADDR",
            "VESTIBULE_PUBLIC_URL",
            "VESTIBULE_CORS_ORIGINS",
            "VESTIBULE_WORKERS",
            "VESTIBULE_SECRET_KEY",
            "VESTIBULE_ACCESS_TOKEN_TTL",
            "VESTIBULE_PASSWORD_MIN_LENGTH",
            "VESTIBULE_BCRYPT_COST",
            "VESTIBULE_SIGN_UP",
            "RUST_LOG",
            "VESTIBULE_COLOUR",
        ]
    );
    assert!(!errors.iter().any(|line| line.contains("hunter2")), "{errors:?}");
    assert!(
        errors[7].contains("`soon` is not a duration from 1s to 1d"),
        "{errors:?}"
    );
}

#[test]
fn unknown_setting_gets_a_suggestion() {
    let errors = errors_of(&[("VESTIBULE_ACCESS_TOKEN_TLL", "30m")]);
    let expected = "is not a setting of this version; did you mean VESTIBULE_ACCESS_TOKEN_TTL?";
    assert_eq!(errors, [format!("VESTIBULE_ACCESS_TOKEN_TLL: {expected}")]);
    let errors = errors_of(&[("VESTIBULE_FAVOURITE_FRUIT", "pear")]);
    assert_eq!(errors, ["VESTIBULE_FAVOURITE_FRUIT: is not a setting of this version"]);
}

#[test]
fn variables_of_kubernetes_and_other_programs_are_ignored() {
    let foreign = [
        ("VESTIBULE_SERVICE_HOST", "10.0.0.1"),
        ("VESTIBULE_PORT", "tcp://10.0.0.1:80"),
        ("VESTIBULE_PORT_80_TCP", "tcp://10.0.0.1:80"),
        ("VESTIBULE_REQUIRE_POSTGRES", "1"),
        ("PATH", "/bin"),
    ];
    assert!(read(&foreign).is_ok());
}

#[test]
fn public_address_requires_a_public_url() {
    let errors = errors_of(&[("VESTIBULE_ADDR", "0.0.0.0:8000")]);
    assert!(
        errors.len() == 1 && errors[0].starts_with("VESTIBULE_PUBLIC_URL: "),
        "{errors:?}"
    );
    let named = [
        ("VESTIBULE_ADDR", "[::]:8000"),
        ("VESTIBULE_PUBLIC_URL", "http://box.lan:8000"),
        ("VESTIBULE_MAIL_URL", "smtp://box.lan"),
    ];
    assert!(read(&named).is_ok());
    assert!(read(&[("VESTIBULE_ADDR", "[::1]:9000")]).is_ok());
    let errors = errors_of(&[("VESTIBULE_ADDR", "0.0.0.0:8000"), ("VESTIBULE_PUBLIC_URL", "box")]);
    assert_eq!(errors.len(), 1, "only the URL itself: {errors:?}");
}

#[test]
fn first_administrator_needs_email_and_valid_password() {
    let email = ("VESTIBULE_ADMIN_EMAIL", "ada@example.com");
    let config = read(&[email, ("VESTIBULE_ADMIN_PASSWORD", "correct horse battery")]).expect("valid");
    assert!(config.accounts.administrator.is_some());
    for variables in [
        &[email][..],
        &[("VESTIBULE_ADMIN_PASSWORD", "correct horse battery")],
        &[email, ("VESTIBULE_ADMIN_PASSWORD", "password")],
        &[email, ("VESTIBULE_ADMIN_PASSWORD", "ada@example.com")],
        &[
            ("VESTIBULE_ADMIN_EMAIL", "ada"),
            ("VESTIBULE_ADMIN_PASSWORD", "correct horse battery"),
        ],
    ] {
        assert_eq!(errors_of(variables).len(), 1, "{variables:?}");
    }
}

#[test]
fn low_bcrypt_cost_is_a_warning() {
    let config = read(&[("VESTIBULE_BCRYPT_COST", "4")]).expect("valid");
    assert!(config.warnings.len() == 1 && config.warnings[0].contains("VESTIBULE_BCRYPT_COST=4"));
}

#[test]
fn debug_and_display_contain_no_secrets() {
    let variables = [
        ("DATABASE_URL", "postgres://ada:hunter2@db/app"),
        ("VESTIBULE_SECRET_KEY", KEY),
    ];
    let config = read(&variables).expect("valid");
    let shown = format!("{config:?} {}", config.database.redacted());
    assert!(!shown.contains("hunter2") && !shown.contains(KEY), "{shown}");
    assert!(shown.contains("postgres://ada:***@db:5432/app"));
}

#[test]
fn database_url_parameters_apply_or_warn() {
    let config = read(&[
        (
            "DATABASE_URL",
            "postgres://ada:pw@db/app?pgbouncer=true&keepalives_idle=30",
        ),
        ("VESTIBULE_SECRET_KEY", KEY),
    ])
    .expect("valid");
    assert_eq!(config.database.pooler, Pooler::Transaction);
    let warnings = &config.warnings;
    assert!(
        warnings.len() == 1 && warnings[0].contains("`keepalives_idle`"),
        "{warnings:?}"
    );
}

#[test]
fn env_example_lists_every_setting_with_its_default() {
    let text = include_str!("../../../../../.env.example");
    let lines = text.lines().filter_map(|line| line.strip_prefix('#')?.split_once('='));
    let listed: Vec<_> = lines.filter(|(name, _)| !name.contains(' ')).collect();
    // These depend on the number of cores, and the key is random.
    let without_default = [
        "VESTIBULE_DATABASE_POOL_SIZE",
        "VESTIBULE_WORKERS",
        "VESTIBULE_SECRET_KEY",
    ];
    let defaults = read(&[]).expect("valid defaults").settings;
    for setting in &defaults {
        let value = listed
            .iter()
            .find(|(name, _)| *name == setting.name)
            .map(|(_, value)| *value);
        assert!(value.is_some(), "{} is missing", setting.name);
        let default = if setting.display == "(not set)" {
            ""
        } else {
            &setting.display
        };
        assert!(
            without_default.contains(&setting.name) || value == Some(default),
            "{} is {value:?}",
            setting.name
        );
    }
    assert_eq!(listed.len(), defaults.len());
}

#[test]
fn tls_without_a_trusted_proxy_is_a_warning() {
    let https = [
        ("VESTIBULE_PUBLIC_URL", "https://id.example.com"),
        ("VESTIBULE_MAIL_URL", "smtps://mail.example.com"),
    ];
    let warnings = read(&https).expect("valid").warnings;
    assert!(
        warnings.len() == 1 && warnings[0].contains("VESTIBULE_TRUSTED_PROXIES"),
        "{warnings:?}"
    );
    let [url, mail] = https;
    let trusted = read(&[url, mail, ("VESTIBULE_TRUSTED_PROXIES", "10.0.0.1")]).expect("valid");
    assert!(trusted.warnings.is_empty());
}

#[test]
fn hsts_excludes_subdomains_unless_configured() {
    let read_hsts = |url: &str, hsts: Option<&str>| {
        let mut variables = vec![
            ("VESTIBULE_PUBLIC_URL", url),
            ("VESTIBULE_MAIL_URL", "smtps://mail.example.com"),
        ];
        variables.extend(hsts.map(|value| ("VESTIBULE_HSTS", value)));
        read(&variables).map(|config| config.http.hsts)
    };
    let https = "https://id.example.com";
    assert_eq!(read_hsts(https, None), Ok(Some("max-age=31536000".to_owned())));
    assert_eq!(read_hsts("http://localhost:8000", None), Ok(None));
    assert_eq!(read_hsts(https, Some("off")), Ok(None));
    let value = "max-age=300; includeSubDomains";
    assert_eq!(read_hsts(https, Some(value)), Ok(Some(value.to_owned())));
    assert!(read_hsts(https, Some("1y")).is_err());
}

#[test]
fn quotes_in_a_value_are_a_warning() {
    let config = read(&[
        ("VESTIBULE_ADMIN_PASSWORD", "\"correct horse\""),
        ("VESTIBULE_ADMIN_EMAIL", "ada@example.com"),
    ]);
    let warnings = config.expect("valid").warnings;
    assert!(
        warnings.len() == 1 && warnings[0].starts_with("VESTIBULE_ADMIN_PASSWORD"),
        "{warnings:?}"
    );
    assert!(!warnings[0].contains("horse"));
}
