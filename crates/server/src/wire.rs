//! The composition root: the settings become an application.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, thread, time::Duration};

use chrono::TimeDelta;
use vestibule_api::App;
use vestibule_domain::{BoxError, Policy, SystemClock};
use vestibule_migration as migration;
use vestibule_persistence::{DatabaseOptions, SeaStore};
use vestibule_security::{HashPool, HashSettings, Jwt, JwtSettings, SystemEntropy};

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

/// Opens the database and sees to it that its schema is as this program needs it.
pub(crate) async fn open(database: &Database) -> Result<SeaStore, Failure> {
    let store = connect(database).await?;
    let failed = |error| migration_failed(database, error);
    if database.auto_migrate {
        migration::up(store.connection(), None).await.map_err(failed)?;
    }
    match migration::pending(store.connection()).await.map_err(failed)? {
        0 => Ok(store),
        pending => Err(Failure::Pending(pending)),
    }
}

pub(crate) fn migration_failed(database: &Database, error: impl Into<BoxError>) -> Failure {
    Failure::Migration(database.shown(), error.into())
}

/// Puts the application together.
pub(crate) fn app(config: &Config, store: SeaStore) -> Result<App, Failure> {
    let key = server_key(config)?;
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
    Ok(App {
        store,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        hasher: Arc::new(HashPool::new(hashing)),
        access_tokens: Arc::new(Jwt::new(&key, jwt)),
        keyed: Arc::new(key.keyed()),
        policy: policy(config),
    })
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
        password_min_length: passwords.min_length,
        access_token_ttl: delta(tokens.access_token_ttl),
        session_ttl: delta(tokens.session_ttl),
        refresh_grace: delta(tokens.refresh_grace),
    }
}
