//! Sessions and the tokens that stand for them.

use std::time::Duration;

use vestibule_domain::Secret;
use vestibule_security::{KeyPair, SecretKey};

use super::{
    Database, Place, PublicUrl,
    reader::{Reader, set_or_not},
    signing,
};

const SECRET_KEY: &str = "VESTIBULE_SECRET_KEY";
const PREVIOUS_KEY: &str = "VESTIBULE_SECRET_KEY_PREVIOUS";
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

/// The settings of sessions and tokens.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The key from which all others are derived. Without one, SQLite keeps its own.
    pub secret_key: Option<SecretKey>,
    /// The key that is still accepted beside it.
    pub previous_key: Option<SecretKey>,
    /// The key pairs that sign access tokens, the current one first; without any the server's key does.
    pub key_pairs: Vec<KeyPair>,
    /// For whom access tokens are meant.
    pub audience: String,
    /// How long an access token is good for.
    pub access_token_ttl: Duration,
    /// How long a session lasts at most.
    pub session_ttl: Duration,
    /// How long a replaced refresh token still gives the current one.
    pub refresh_grace: Duration,
}

impl Tokens {
    pub(crate) fn read(reader: &mut Reader<'_>, database: &Database, public_url: &PublicUrl) -> Self {
        let access = SECOND..=DAY;
        Self {
            secret_key: read_key(reader, database),
            previous_key: reader.secret(PREVIOUS_KEY, |key| parse_key(&key), |key| set_or_not(key.is_some())),
            key_pairs: signing::read(reader),
            audience: reader.value(
                "VESTIBULE_JWT_AUDIENCE",
                public_url.as_str().to_owned(),
                audience,
                Clone::clone,
            ),
            access_token_ttl: reader.duration("VESTIBULE_ACCESS_TOKEN_TTL", Duration::from_mins(30), access),
            session_ttl: reader.duration("VESTIBULE_SESSION_TTL", 30 * DAY, SECOND..=400 * DAY),
            refresh_grace: reader.duration("VESTIBULE_REFRESH_GRACE", 10 * SECOND, Duration::ZERO..=600 * SECOND),
        }
    }
}

fn read_key(reader: &mut Reader<'_>, database: &Database) -> Option<SecretKey> {
    let show = |key: Option<&SecretKey>| match (key, &database.place) {
        (Some(_), _) => "(set)".to_owned(),
        (None, Place::File(path)) => format!("(kept in {})", path.with_extension("key").display()),
        (None, Place::Memory) => "(made at each start)".to_owned(),
        (None, Place::Server(_)) => "(not set)".to_owned(),
    };
    let key = reader.secret(SECRET_KEY, |key| parse_key(&key), show);
    if key.is_none() && !database.place.is_sqlite() && !reader.is_wrong(SECRET_KEY) {
        reader.mistake(
            SECRET_KEY,
            "must be set with PostgreSQL, to the same value on every instance; `vestibule key generate` makes one",
        );
    }
    key
}

fn audience(text: &str) -> Result<String, String> {
    let plain = !text.is_empty() && text.len() <= 255 && !text.contains(|c: char| c.is_control() || c.is_whitespace());
    plain
        .then(|| text.to_owned())
        .ok_or_else(|| "a name or URL of up to 255 bytes without blanks".to_owned())
}

fn parse_key(key: &Secret<String>) -> Result<SecretKey, String> {
    SecretKey::parse(key.expose())
        .map_err(|_| "32 random bytes or more; `vestibule key generate` makes them".to_owned())
}
