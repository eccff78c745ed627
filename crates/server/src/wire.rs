//! The composition root: the settings become an application.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, thread, time::Duration};

use chrono::TimeDelta;
use vestibule_api::App;
use vestibule_domain::{
    Policy, StoreError, SystemClock,
    installation::{self, KeyCheck},
    throttle::Networks,
};
use vestibule_mailer::{Post, PostSettings};
use vestibule_migrate::{Runner, State};
use vestibule_migration::Migrator;
use vestibule_persistence::{DatabaseOptions, SeaStore};
use vestibule_security::{HashPool, HashSettings, Jwt, JwtSettings, KeyRing, SystemEntropy, Zxcvbn};

use crate::{
    Failure,
    config::{Config, Database, Place},
    server_key::server_key,
};

/// How many passwords may wait to be hashed, and how long.
const HASH_QUEUE: usize = 128;
const HASH_WAIT: Duration = Duration::from_secs(10);

/// Opens the database, and makes an SQLite file and its folder when there are none.
pub(crate) async fn connect(database: &Database) -> Result<SeaStore, Failure> {
    if let Place::File(path) = &database.place
        && let Some(folder) = path.parent().filter(|folder| *folder != Path::new(""))
    {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Failure::Folder(folder.to_owned(), error))?;
    }
    let options = DatabaseOptions {
        url: database.url.expose().clone(),
    };
    SeaStore::connect(&options)
        .await
        .map_err(|error| Failure::Database(database.shown(), error.into()))
}

/// The migrations of this program, on this database.
pub(crate) fn migrations(store: &SeaStore) -> Runner {
    Runner::new(store.connection(), Migrator::list())
}

/// Opens the database and sees to it that its schema is as this program needs it. A newer one is: while
/// instances are replaced one by one, the old ones may start again.
pub(crate) async fn open(database: &Database) -> Result<SeaStore, Failure> {
    let store = connect(database).await?;
    let failed = |error| migration_failed(database, error);
    let migrations = migrations(&store);
    if database.auto_migrate {
        migrations.up(vestibule_migrate::Point::Head).await.map_err(failed)?;
    }
    let status = migrations.status().await.map_err(failed)?;
    for entry in &status.entries {
        match entry.state {
            State::Changed => tracing::warn!("the migration {} was another when it was applied", entry.name),
            State::Unknown => tracing::warn!("the database is newer than this program: it has {}", entry.name),
            State::Applied | State::Pending | State::OutOfOrder | State::Interrupted => {}
        }
    }
    match status.lacking() {
        0 => Ok(store),
        lacking => Err(Failure::Pending(lacking)),
    }
}

pub(crate) fn migration_failed(database: &Database, error: vestibule_migrate::Error) -> Failure {
    Failure::Migration(database.shown(), error.into())
}

/// The application, and what of its keys everybody may know.
pub(crate) struct Wired {
    pub(crate) app: App,
    /// Its hashing threads.
    pub(crate) hasher: Arc<HashPool>,
    /// The public keys of access tokens, as a JSON Web Key set.
    pub(crate) jwks: String,
}

/// Puts the application together and sees to it that its key is the one that the database knows.
pub(crate) async fn app(config: &Config, store: SeaStore) -> Result<Wired, Failure> {
    let wired = assemble(config, store)?;
    let check = installation::check_key(&wired.app).await;
    let failed = |error: StoreError| Failure::Database(config.database.shown(), error.into());
    match check.map_err(failed)? {
        KeyCheck::Known => {}
        KeyCheck::First | KeyCheck::Successor => installation::adopt_key(&wired.app).await.map_err(failed)?,
        // One instance has an SQLite file to itself, and the key beside it.
        KeyCheck::Unknown if config.database.place.is_sqlite() => {
            tracing::warn!("the server's key is another one than before: everybody is signed out");
            installation::adopt_key(&wired.app).await.map_err(failed)?;
        }
        KeyCheck::Unknown => return Err(Failure::UnknownKey(config.database.shown())),
    }
    Ok(wired)
}

/// Puts the application together.
pub(crate) fn assemble(config: &Config, store: SeaStore) -> Result<Wired, Failure> {
    let ring = KeyRing::new(server_key(config)?, config.tokens.previous_key.clone());
    let hashing = HashSettings {
        cost: config.passwords.bcrypt_cost,
        threads: thread::available_parallelism().map_or(1, usize::from),
        queue: HASH_QUEUE,
        max_wait: HASH_WAIT,
    };
    let jwt = JwtSettings {
        issuer: config.http.public_url.as_str().to_owned(),
        audience: config.tokens.audience.clone(),
    };
    let jwt = match &config.tokens.key_pairs[..] {
        [] => Jwt::with_shared_key(&ring, jwt),
        pairs => Jwt::with_key_pairs(pairs, jwt).map_err(|error| Failure::Failed("signing", error.into()))?,
    };
    let jwks = jwt.published();
    let hasher = Arc::new(HashPool::new(hashing));
    let app = App {
        store,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        hasher: Arc::<HashPool>::clone(&hasher),
        access_tokens: Arc::new(jwt),
        meter: Arc::new(Zxcvbn),
        keyed: Arc::new(ring.keyed()),
        networks: Networks::default(),
        policy: policy(config),
    };
    Ok(Wired { app, hasher, jwks })
}

/// What sends mail.
pub(crate) fn post(config: &Config) -> Result<Post, Failure> {
    let settings = PostSettings {
        url: config.mail.url.clone(),
        from: config.mail.from.clone(),
        public_url: config.http.public_url.as_str().to_owned(),
        ehlo_name: config.mail.ehlo_name.clone(),
        authorities: config.mail.authorities.clone(),
        timeout: config.mail.timeout,
    };
    Post::new(settings).map_err(|error| Failure::Failed("mail cannot be sent", error.into()))
}

fn policy(config: &Config) -> Policy {
    let Config {
        tokens,
        passwords,
        accounts,
        ..
    } = config;
    // The settings are bounded to what fits.
    let delta = |duration| TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    Policy {
        sign_up: accounts.sign_up,
        require_verified_email: accounts.require_verified_email,
        password_min_length: passwords.min_length,
        password_min_score: passwords.min_score,
        access_token_ttl: delta(tokens.access_token_ttl),
        session_ttl: delta(tokens.session_ttl),
        refresh_grace: delta(tokens.refresh_grace),
        audit_retention: delta(accounts.audit_retention),
        rate_limits: accounts.rate_limits,
    }
}
