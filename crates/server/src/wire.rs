//! The composition root: the settings become an application.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, thread, time::Duration};

use chrono::TimeDelta;
use vestibule_api::App;
use vestibule_domain::{
    IpLimiter, Policy, StoreError,
    secret_key::{self, KeyCheck},
};
use vestibule_mailer::{LettreMailer, MailerSettings};
use vestibule_migrate::{MigrationState, Options, Runner};
use vestibule_migration::Migrator;
use vestibule_persistence::{DatabaseOptions, Pooler, SeaStore};
use vestibule_security::{HashPool, HashSettings, Jwt, JwtSettings, KeyRing, SecretKey, SystemRng, Zxcvbn};

use crate::{
    Failure,
    config::{Config, Database, Place},
    preflight, secret_key_file,
};

/// How many passwords may wait to be hashed, and how long.
const HASH_QUEUE: usize = 128;
const HASH_WAIT: Duration = Duration::from_secs(10);

/// How long a statement of a command may run: nobody waits for a command, and some concern every row.
const COMMAND_STATEMENT_TIMEOUT: Duration = Duration::from_mins(10);

/// Opens the database, and creates an SQLite file and its folder when there are none: for `serve` and `migrate` only.
pub(crate) async fn connect(database: &Database) -> Result<SeaStore, Failure> {
    if let Place::File(path) = &database.place
        && let Some(folder) = path.parent().filter(|folder| *folder != Path::new(""))
    {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Failure::Folder(folder.to_owned(), error))?;
    }
    connect_existing(database).await
}

/// Opens a database that exists.
pub(crate) async fn connect_existing(database: &Database) -> Result<SeaStore, Failure> {
    if let Place::File(path) = &database.place {
        preflight::check_file(path).map_err(|why| Failure::Database(database.shown(), why.into()))?;
    }
    let options = DatabaseOptions {
        url: database.url.expose().clone(),
        pool_size: database.pool_size,
        statement_timeout: database.statement_timeout,
        pooler: database.pooler,
    };
    SeaStore::connect(&options)
        .await
        .map_err(|error| Failure::Database(database.shown(), error.into()))
}

/// The migrations of this program, on this database. The first ones are applied all or none.
pub(crate) fn migrations(store: &SeaStore) -> Runner {
    Runner::new(store.connection(), Migrator::list()).with_options(Options {
        atomic_first_run: true,
        ..Options::default()
    })
}

/// Opens the database for the server, applies pending migrations where the settings say so, and makes the key known
/// to a database that knows none or its predecessor. Whatever is wrong is found before anything is changed.
pub(crate) async fn start(config: &Config) -> Result<Wired, Failure> {
    let database = &config.database;
    let store = connect(database).await?;
    preflight::check_database(database, &store).await?;
    preflight::check_key(config, &store).await?;
    if database.pooler == Pooler::Transaction {
        // Only checked: migrations need a connection of their own.
    } else if database.auto_migrate {
        migrate(&store)
            .await
            .map_err(|error| migration_failed(database, error))?;
    }
    check_schema(database, &store).await?;
    // Another instance may have been faster with the first key.
    preflight::check_key(config, &store).await?;
    let wired = assemble(config, store, secret_key_file::load_or_create(config)?)?;
    register_key(config, &wired.app).await?;
    Ok(wired)
}

/// Applies pending migrations. Where there are none it opens no connection beside the pool, which a connection pooler
/// might not have.
async fn migrate(store: &SeaStore) -> Result<(), vestibule_migrate::Error> {
    let runner = migrations(store);
    if !runner.is_at_head_on(store.reader()).await? {
        runner.up(vestibule_migrate::Position::Head).await?;
    }
    Ok(())
}

/// Opens an existing database for a command, which creates nothing and applies no migration.
pub(crate) async fn open(config: &Config) -> Result<App, Failure> {
    let store = open_existing(config).await?;
    match preflight::check_key(config, &store).await? {
        (Some(key), _) => Ok(assemble(config, store, key)?.app),
        (None, _) => Err(Failure::NoKeyYet(
            secret_key_file::file_path(config).unwrap_or_default(),
        )),
    }
}

/// Opens an existing database with the schema of this program, whatever the key.
pub(crate) async fn open_existing(config: &Config) -> Result<SeaStore, Failure> {
    preflight::check_exists(config)?;
    let database = Database {
        statement_timeout: COMMAND_STATEMENT_TIMEOUT,
        ..config.database.clone()
    };
    let store = connect_existing(&database).await?;
    check_schema(&config.database, &store).await?;
    Ok(store)
}

/// Checks that the schema is as this program needs it. A newer one is: while instances are replaced one by one, the
/// old ones may start again.
async fn check_schema(database: &Database, store: &SeaStore) -> Result<(), Failure> {
    let status = migrations(store).status_on(store.reader()).await;
    let status = status.map_err(|error| migration_failed(database, error))?;
    for entry in &status.entries {
        match entry.state {
            MigrationState::Changed => tracing::warn!("the migration {} was another when it was applied", entry.name),
            MigrationState::Unknown => tracing::warn!("the database is newer than this program: it has {}", entry.name),
            MigrationState::Applied
            | MigrationState::Pending
            | MigrationState::OutOfOrder
            | MigrationState::Interrupted => {}
        }
    }
    match status.pending_count() {
        0 => Ok(()),
        lacking if database.pooler == Pooler::Transaction => Err(Failure::PendingBehindPooler(lacking)),
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

/// Makes the key known to a database that knows none yet or the previous one.
async fn register_key(config: &Config, app: &App) -> Result<(), Failure> {
    let failed = |error: StoreError| Failure::Database(config.database.shown(), error.into());
    match secret_key::check(app).await.map_err(failed)? {
        KeyCheck::Known => Ok(()),
        KeyCheck::First | KeyCheck::Successor => secret_key::reset(app).await.map_err(failed),
        KeyCheck::Unknown => Err(Failure::UnknownKey(config.database.shown())),
    }
}

/// Puts the application together.
pub(crate) fn assemble(config: &Config, store: SeaStore, key: SecretKey) -> Result<Wired, Failure> {
    let ring = KeyRing::new(key, config.tokens.previous_key.clone());
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
    let jwks = jwt.jwks();
    let hasher = Arc::new(HashPool::new(hashing));
    let app = App {
        clock: store.clock(),
        store,
        rng: Arc::new(SystemRng),
        hasher: Arc::<HashPool>::clone(&hasher),
        access_tokens: Arc::new(jwt),
        meter: Arc::new(Zxcvbn),
        mac_keys: Arc::new(ring.mac_keys()),
        ip_limiter: IpLimiter::default(),
        policy: policy(config),
    };
    Ok(Wired { app, hasher, jwks })
}

/// What sends mail.
pub(crate) fn post(config: &Config) -> Result<LettreMailer, Failure> {
    let settings = MailerSettings {
        url: config.mail.url.clone(),
        from: config.mail.from.clone(),
        public_url: config.http.public_url.as_str().to_owned(),
        ehlo_name: config.mail.ehlo_name.clone(),
        ca_certificates: config.mail.authorities.clone(),
        timeout: config.mail.timeout,
    };
    LettreMailer::new(settings).map_err(|error| Failure::Failed("mail cannot be sent", error.into()))
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
