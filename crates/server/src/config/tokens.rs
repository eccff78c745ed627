//! Settings of sessions, tokens and the secret key.

use std::time::Duration;

use vestibule_domain::Secret;
use vestibule_security::{KeyPair, SecretKey};

use super::{
    Database, DatabaseKind, PublicUrl, duration,
    reader::{Reader, set_or_not},
    signing,
};

const SECRET_KEY: &str = "VESTIBULE_SECRET_KEY";
const PREVIOUS_KEY: &str = "VESTIBULE_SECRET_KEY_PREVIOUS";
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Settings of sessions and tokens.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The secret key, from which all other symmetric keys are derived. With SQLite, the default is the key file.
    pub secret_key: Option<SecretKey>,
    /// The previous secret key, which is still accepted during a rotation.
    pub previous_key: Option<SecretKey>,
    /// The key pairs that sign access tokens, current one first. If there are none, the secret key signs them.
    pub key_pairs: Vec<KeyPair>,
    /// The audience of access tokens.
    pub audience: String,
    /// The lifetime of an access token.
    pub access_token_ttl: Duration,
    /// The maximum lifetime of a session.
    pub session_ttl: Duration,
    /// The time after which a session that is not used ends; `None` if it does not.
    pub session_idle_ttl: Option<Duration>,
    /// The time for which a proof of identity suffices for sensitive changes.
    pub step_up_age: Duration,
    /// The grace period in which a replaced refresh token still returns the current one.
    pub refresh_grace: Duration,
}

impl Tokens {
    pub(crate) fn read(reader: &mut Reader<'_>, database: &Database, public_url: &PublicUrl) -> Self {
        let access_token_ttls = SECOND..=DAY;
        Self {
            secret_key: read_key(reader, database),
            previous_key: reader.secret(PREVIOUS_KEY, |key| parse_key(&key), |key| set_or_not(key.is_some())),
            key_pairs: signing::read(reader),
            audience: reader.value(
                "VESTIBULE_JWT_AUDIENCE",
                public_url.as_str().to_owned(),
                parse_audience,
                Clone::clone,
            ),
            access_token_ttl: reader.duration("VESTIBULE_ACCESS_TOKEN_TTL", Duration::from_mins(30), access_token_ttls),
            session_ttl: reader.duration("VESTIBULE_SESSION_TTL", 30 * DAY, SECOND..=400 * DAY),
            session_idle_ttl: read_idle_ttl(reader),
            step_up_age: reader.duration("VESTIBULE_STEP_UP_AGE", 10 * MINUTE, SECOND..=DAY),
            refresh_grace: reader.duration("VESTIBULE_REFRESH_GRACE", 10 * SECOND, Duration::ZERO..=600 * SECOND),
        }
    }
}

fn read_idle_ttl(reader: &mut Reader<'_>) -> Option<Duration> {
    let parse = |text: &str| match (text, duration::parse(text)) {
        ("off", _) => Ok(None),
        (_, Some(idle_ttl)) if (10 * SECOND..=400 * DAY).contains(&idle_ttl) => Ok(Some(idle_ttl)),
        _ => Err("`off`, or a duration from 10s to 400d, such as `30m`, `12h` or `30d`".to_owned()),
    };
    reader.value("VESTIBULE_SESSION_IDLE_TTL", None, parse, |idle_ttl| {
        idle_ttl.map_or_else(|| "off".to_owned(), duration::format)
    })
}

fn read_key(reader: &mut Reader<'_>, database: &Database) -> Option<SecretKey> {
    let show = |key: Option<&SecretKey>| match (key, &database.kind) {
        (Some(_), _) => "(set)".to_owned(),
        (None, DatabaseKind::File(path)) => format!("(stored in {})", path.with_extension("key").display()),
        (None, DatabaseKind::Memory) => "(generated at each start)".to_owned(),
        (None, DatabaseKind::Server(_)) => "(not set)".to_owned(),
    };
    let key = reader.secret(SECRET_KEY, |key| parse_key(&key), show);
    if key.is_none() && !database.kind.is_sqlite() && !reader.has_error(SECRET_KEY) {
        reader.error(
            SECRET_KEY,
            "must be set with PostgreSQL, to the same value on every instance; run `vestibule key generate` to generate one",
        );
    }
    key
}

fn parse_audience(text: &str) -> Result<String, String> {
    let is_valid =
        !text.is_empty() && text.len() <= 255 && !text.contains(|c: char| c.is_control() || c.is_whitespace());
    is_valid
        .then(|| text.to_owned())
        .ok_or_else(|| "a name or URL of at most 255 bytes without spaces".to_owned())
}

fn parse_key(key: &Secret<String>) -> Result<SecretKey, String> {
    SecretKey::parse(key.expose()).map_err(|_| {
        "at least 32 bytes, of which at least 8 are different; run `vestibule key generate` to generate them".to_owned()
    })
}
