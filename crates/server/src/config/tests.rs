use std::{fs, path::PathBuf, time::Duration};

use vestibule_domain::SignUpPolicy;
use vestibule_persistence::Pooler;
use vestibule_security::{KeyPair, SigningAlgorithm};

use super::*;

const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";

fn read(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let environment = variables.iter().copied().collect();
    Config::read(&environment).map_err(|mistakes| mistakes.0.iter().map(ToString::to_string).collect())
}

fn mistakes(variables: &[(&str, &str)]) -> Vec<String> {
    read(variables).map(|_| ()).expect_err("there is a mistake")
}

/// A file that is gone when the test ends.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vestibule-{}-{name}", std::process::id()));
        fs::write(&path, text).expect("the folder for temporary files can be written");
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
fn nothing_need_be_set() {
    let config = read(&[]).expect("the defaults are right");
    assert_eq!(config.database.place, Place::File("data/vestibule.db".into()));
    assert!(config.database.auto_migrate && config.http.docs);
    assert_eq!((config.database.pool_size, config.database.pooler), (10, Pooler::None));
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
    assert!(config.settings.iter().all(|setting| setting.origin == Origin::Default));
}

#[test]
fn what_is_set_counts() {
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
    .expect("right");
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
    assert!(!config.settings.iter().any(|setting| setting.shown.contains("hunter2")));
}

#[test]
fn every_mistake_is_told_at_once() {
    let told = mistakes(&[
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
    let names: Vec<_> = told.iter().filter_map(|line| line.split(':').next()).collect();
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
    assert!(!told.iter().any(|line| line.contains("hunter2")), "{told:?}");
    assert!(told[7].contains("`soon` is not a duration from 1s to 1d"), "{told:?}");
}

#[test]
fn a_misspelt_name_gets_a_suggestion() {
    let told = mistakes(&[("VESTIBULE_ACCESS_TOKEN_TLL", "30m")]);
    let expected = "is not a setting of this version; did you mean VESTIBULE_ACCESS_TOKEN_TTL?";
    assert_eq!(told, [format!("VESTIBULE_ACCESS_TOKEN_TLL: {expected}")]);
    let told = mistakes(&[("VESTIBULE_FAVOURITE_FRUIT", "pear")]);
    assert_eq!(told, ["VESTIBULE_FAVOURITE_FRUIT: is not a setting of this version"]);
}

#[test]
fn what_kubernetes_injects_and_other_programs_read_is_left_alone() {
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
fn a_secret_may_stand_in_a_file_but_not_in_two_places() {
    let file = TempFile::new("key", &format!("{KEY}\n"));
    let config = read(&[("VESTIBULE_SECRET_KEY_FILE", file.as_str())]).expect("right");
    assert_eq!(config.tokens.secret_key.expect("set").encode().expose(), KEY);
    let setting = config
        .settings
        .iter()
        .find(|setting| setting.name == "VESTIBULE_SECRET_KEY")
        .expect("read");
    assert_eq!(
        (setting.shown.as_str(), &setting.origin),
        ("(set)", &Origin::File(file.0.clone()))
    );

    let both = mistakes(&[
        ("VESTIBULE_SECRET_KEY", KEY),
        ("VESTIBULE_SECRET_KEY_FILE", file.as_str()),
    ]);
    assert_eq!(
        both,
        ["VESTIBULE_SECRET_KEY: is set, and so is VESTIBULE_SECRET_KEY_FILE; set one of them"]
    );

    let missing = mistakes(&[("DATABASE_URL_FILE", "/nowhere/url")]);
    assert!(
        missing[0].starts_with("DATABASE_URL_FILE: /nowhere/url cannot be read: "),
        "{missing:?}"
    );
}

#[test]
fn postgres_needs_a_key_and_sqlite_does_not() {
    let told = mistakes(&[("DATABASE_URL", "postgres://db/app")]);
    assert!(
        told.len() == 1 && told[0].starts_with("VESTIBULE_SECRET_KEY: must be set with PostgreSQL"),
        "{told:?}"
    );
    assert!(read(&[("DATABASE_URL", "sqlite::memory:")]).is_ok());
}

#[test]
fn a_weak_key_is_told_once_and_not_shown() {
    for weak in ["short", "changemechangemechangemechangeme", ""] {
        let told = mistakes(&[("DATABASE_URL", "postgres://db/app"), ("VESTIBULE_SECRET_KEY", weak)]);
        assert!(
            told.len() == 1 && told[0].starts_with("VESTIBULE_SECRET_KEY: must be "),
            "{told:?}"
        );
        assert!(weak.is_empty() || !told[0].contains(weak), "{told:?}");
    }
}

#[test]
fn who_lets_others_in_must_say_where_they_reach_it() {
    let told = mistakes(&[("VESTIBULE_ADDR", "0.0.0.0:8000")]);
    assert!(
        told.len() == 1 && told[0].starts_with("VESTIBULE_PUBLIC_URL: "),
        "{told:?}"
    );
    let named = [
        ("VESTIBULE_ADDR", "[::]:8000"),
        ("VESTIBULE_PUBLIC_URL", "http://box.lan:8000"),
        ("VESTIBULE_MAIL_URL", "smtp://box.lan"),
    ];
    assert!(read(&named).is_ok());
    assert!(read(&[("VESTIBULE_ADDR", "[::1]:9000")]).is_ok());
    let wrong = mistakes(&[("VESTIBULE_ADDR", "0.0.0.0:8000"), ("VESTIBULE_PUBLIC_URL", "box")]);
    assert_eq!(wrong.len(), 1, "a guessed public URL is not blamed as well: {wrong:?}");
}

#[test]
fn mail_settings_have_defaults_that_follow_the_public_url() {
    let config = read(&[]).expect("the defaults are right");
    assert_eq!(config.mail.ehlo_name.to_string(), "localhost");
    assert_eq!(config.mail.timeout, Duration::from_secs(20));
    let public = |url| {
        let variables = [
            ("VESTIBULE_PUBLIC_URL", url),
            ("VESTIBULE_MAIL_URL", "smtp://localhost"),
        ];
        let mail = read(&variables).expect("right").mail;
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
    let read_name = |variables: &[(&str, &str)]| read(variables).expect("right").mail.ehlo_name.to_string();
    let named = ("VESTIBULE_MAIL_EHLO_NAME", "mx1.example.com");
    assert_eq!(read_name(&[named]), "mx1.example.com");
    let in_url = ("VESTIBULE_MAIL_URL", "smtp://localhost/old.example.com");
    assert_eq!(read_name(&[in_url]), "old.example.com");
    assert_eq!(read_name(&[in_url, named]), "mx1.example.com");
    let told = mistakes(&[("VESTIBULE_MAIL_EHLO_NAME", "mx1 example")]);
    assert!(
        told[0].starts_with("VESTIBULE_MAIL_EHLO_NAME: `mx1 example` is not a host name"),
        "{told:?}"
    );
}

#[test]
fn mail_password_that_could_be_sent_unencrypted_is_rejected() {
    for tls in ["opportunistic", "none"] {
        let url = format!("smtp://ada:hunter2@mail.example.com?tls={tls}");
        let told = mistakes(&[("VESTIBULE_MAIL_URL", &url)]);
        assert!(told.len() == 1 && told[0].contains("unencrypted"), "{told:?}");
        assert!(!told[0].contains("hunter2"), "{told:?}");
    }
    let told = mistakes(&[("VESTIBULE_MAIL_URL", "smtp://ada:hunter2#x@mail.example.com")]);
    assert!(
        told[0].contains("percent-encoded") && !told[0].contains("hunter2"),
        "{told:?}"
    );
}

#[test]
fn mail_ca_file_is_read_at_start_and_its_uselessness_is_said() {
    let told = mistakes(&[("VESTIBULE_MAIL_CA_FILE", "/nowhere/ca.pem")]);
    assert!(told[0].contains("is not a readable file of certificates"), "{told:?}");
    let empty = TempFile::new("ca.pem", "no certificate\n");
    let told = mistakes(&[("VESTIBULE_MAIL_CA_FILE", empty.as_str())]);
    assert!(
        told[0].contains("is not a file of certificates: it has no certificate"),
        "{told:?}"
    );
    let file = TempFile::new(
        "ca-good.pem",
        &vestibule_testing::MailServer::with_features(vestibule_testing::SmtpFeatures::default()).ca_pem,
    );
    let ca = ("VESTIBULE_MAIL_CA_FILE", file.as_str());
    let verified = read(&[ca, ("VESTIBULE_MAIL_URL", "smtps://mail.example.com")]).expect("right");
    assert!(verified.mail.authorities.is_some() && verified.warnings.is_empty());
    let opportunistic = read(&[ca, ("VESTIBULE_MAIL_URL", "smtp://mail.example.com")]).expect("allowed");
    assert!(opportunistic.warnings.len() == 1 && opportunistic.warnings[0].contains("VESTIBULE_MAIL_CA_FILE"));
}

#[test]
fn who_lets_others_in_must_say_how_their_mail_goes() {
    let public = ("VESTIBULE_PUBLIC_URL", "https://accounts.example.com");
    let told = mistakes(&[public]);
    assert!(
        told.len() == 1 && told[0].starts_with("VESTIBULE_MAIL_URL: must be set"),
        "{told:?}"
    );
    let told = mistakes(&[public, ("VESTIBULE_MAIL_URL", "smtp:hunter2")]);
    assert!(told.len() == 1 && !told[0].contains("hunter2"), "{told:?}");
    let told = mistakes(&[("VESTIBULE_MAIL_FROM", "nobody")]);
    assert!(told[0].starts_with("VESTIBULE_MAIL_FROM: `nobody` is not"), "{told:?}");
    let logged = read(&[public, ("VESTIBULE_MAIL_URL", "log:")]).expect("allowed");
    assert_eq!(logged.warnings.len(), 1, "and said to be dangerous");
    let local = read(&[]).expect("right");
    assert_eq!((local.mail.url.sends(), local.warnings.len()), (false, 0));
}

#[test]
fn a_key_pair_goes_with_its_algorithm() {
    let pem = |algorithm| KeyPair::generate(algorithm).expect("made").expose().clone();
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
    for (algorithm, pem, told) in [
        ("ES256", ed.as_str(), "begins with a key for EdDSA"),
        ("HS256", ed.as_str(), "is of no use to HS256"),
        ("EdDSA", "hunter2", "must be a private key for"),
        ("RS256", ed.as_str(), "`RS256` is not `HS256` or `EdDSA` or `ES256`"),
    ] {
        let wrong = pairs(algorithm, pem).expect_err("a mistake");
        assert!(wrong.len() == 1 && wrong[0].contains(told), "{wrong:?}");
    }
    let missing = mistakes(&[("VESTIBULE_JWT_ALGORITHM", "EdDSA")]);
    assert!(
        missing[0].contains("must be set with VESTIBULE_JWT_ALGORITHM=EdDSA"),
        "{missing:?}"
    );
}

#[test]
fn the_first_administrator_needs_both_an_address_and_a_good_password() {
    let email = ("VESTIBULE_ADMIN_EMAIL", "ada@example.com");
    let config = read(&[email, ("VESTIBULE_ADMIN_PASSWORD", "correct horse battery")]).expect("right");
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
        assert_eq!(mistakes(variables).len(), 1, "{variables:?}");
    }
}

#[test]
fn a_cheap_cost_is_a_loud_warning() {
    let config = read(&[("VESTIBULE_BCRYPT_COST", "4")]).expect("allowed");
    assert!(config.warnings.len() == 1 && config.warnings[0].contains("VESTIBULE_BCRYPT_COST=4"));
}

#[test]
fn nothing_that_is_shown_holds_a_secret() {
    let variables = [
        ("DATABASE_URL", "postgres://ada:hunter2@db/app"),
        ("VESTIBULE_SECRET_KEY", KEY),
    ];
    let config = read(&variables).expect("right");
    let shown = format!("{config:?} {}", config.database.shown());
    assert!(!shown.contains("hunter2") && !shown.contains(KEY), "{shown}");
    assert!(shown.contains("postgres://ada:***@db:5432/app"));
}

#[test]
fn parameters_of_the_database_url_are_heeded_or_warned_about() {
    let config = read(&[
        (
            "DATABASE_URL",
            "postgres://ada:pw@db/app?pgbouncer=true&keepalives_idle=30",
        ),
        ("VESTIBULE_SECRET_KEY", KEY),
    ])
    .expect("right");
    assert_eq!(config.database.pooler, Pooler::Transaction);
    let warnings = &config.warnings;
    assert!(
        warnings.len() == 1 && warnings[0].contains("`keepalives_idle`"),
        "{warnings:?}"
    );
}

#[test]
fn the_example_file_has_every_setting_with_its_default() {
    let text = include_str!("../../../../.env.example");
    let lines = text.lines().filter_map(|line| line.strip_prefix('#')?.split_once('='));
    let written: Vec<_> = lines.filter(|(name, _)| !name.contains(' ')).collect();
    // The number of cores and the key have no default that a file could name.
    let own = ["VESTIBULE_WORKERS", "VESTIBULE_SECRET_KEY"];
    let defaults = read(&[]).expect("the defaults are right").settings;
    for setting in &defaults {
        let value = written
            .iter()
            .find(|(name, _)| *name == setting.name)
            .map(|(_, value)| *value);
        assert!(value.is_some(), "{} is missing", setting.name);
        let default = if setting.shown == "(not set)" {
            ""
        } else {
            &setting.shown
        };
        assert!(
            own.contains(&setting.name) || value == Some(default),
            "{} is {value:?}",
            setting.name
        );
    }
    assert_eq!(written.len(), defaults.len());
}
