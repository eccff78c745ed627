//! The composition root, which builds the application from the configuration.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, thread, time::Duration};

use chrono::TimeDelta;
use vestibule_api::App;
use vestibule_domain::{
    IpLimiter, Passkeys, Policy, StoreError,
    secret_key::{self, KeyCheck},
};
use vestibule_mailer::{LettreMailer, MailerSettings};
use vestibule_migrate::{MigrationState, Options, Runner};
use vestibule_migration::Migrator;
use vestibule_persistence::{DatabaseOptions, Pooler, SeaStore};
use vestibule_security::{HashPool, HashSettings, Jwt, JwtSettings, KeyRing, SecretKey, SystemRng, WebAuthn, Zxcvbn};

use crate::{
    StartupError,
    config::{self, Config, Database, DatabaseKind},
    preflight, secret_key_file,
};

/// The maximum number of passwords that wait to be hashed.
const HASH_QUEUE: usize = 128;

/// The maximum time that a password waits to be hashed.
const HASH_WAIT: Duration = Duration::from_secs(10);

/// The statement timeout of commands. No request waits for a command, and some commands read every row.
const COMMAND_STATEMENT_TIMEOUT: Duration = Duration::from_mins(10);

/// The application, and the parts of it that the server exposes besides the API.
pub(crate) struct Components {
    pub(crate) app: App,
    /// The password hashing threads, for metrics.
    pub(crate) hasher: Arc<HashPool>,
    /// The public keys of access tokens, as a JSON Web Key Set.
    pub(crate) jwks: String,
}

/// Opens the database, and creates an SQLite file and its directory if they do not exist. Only for `serve` and
/// `migrate`.
pub(crate) async fn connect(database: &Database) -> Result<SeaStore, StartupError> {
    if let DatabaseKind::File(path) = &database.kind
        && let Some(directory) = path.parent().filter(|directory| *directory != Path::new(""))
    {
        let created = DirBuilder::new().recursive(true).mode(0o700).create(directory);
        created.map_err(|error| StartupError::CreateDirectory(directory.to_owned(), error))?;
    }
    connect_existing(database).await
}

/// Opens a database without creating the directory of an SQLite file.
pub(crate) async fn connect_existing(database: &Database) -> Result<SeaStore, StartupError> {
    if let DatabaseKind::File(path) = &database.kind {
        preflight::check_file(path).map_err(|reason| StartupError::Database(database.redacted(), reason.into()))?;
    }
    let options = DatabaseOptions {
        url: database.url.expose().clone(),
        pool_size: database.pool_size,
        statement_timeout: database.statement_timeout,
        pooler: database.pooler,
    };
    SeaStore::connect(&options)
        .await
        .map_err(|error| database_error(database, error))
}

/// Returns a runner for the migrations of this program. The first run on a database is atomic.
pub(crate) fn migrations(store: &SeaStore) -> Runner {
    Runner::new(store.connection(), Migrator::list()).with_options(Options {
        atomic_first_run: true,
        ..Options::default()
    })
}

/// Opens the database for the server, applies pending migrations if the configuration allows it, and registers a first
/// or rotated secret key. All checks run before the database is changed.
pub(crate) async fn start(config: &Config) -> Result<Components, StartupError> {
    let database = &config.database;
    let store = connect(database).await?;
    preflight::check_database(database, &store).await?;
    preflight::check_key(config, &store).await?;
    // Migrations need a connection of their own, which a pooler in transaction mode does not provide.
    if database.auto_migrate && database.pooler != Pooler::Transaction {
        migrate(&store)
            .await
            .map_err(|error| migration_error(database, error))?;
    }
    check_schema(database, &store).await?;
    // Another instance may have registered the first key in the meantime.
    preflight::check_key(config, &store).await?;
    let components = assemble(config, store, secret_key_file::load_or_create(config)?)?;
    register_key(config, &components.app).await?;
    Ok(components)
}

/// Applies pending migrations. If there are none, it opens no connection outside the pool, which a connection pooler
/// might not have available.
async fn migrate(store: &SeaStore) -> Result<(), vestibule_migrate::Error> {
    let runner = migrations(store);
    if !runner.is_at_head_on(store.reader()).await? {
        runner.up(vestibule_migrate::Position::Head).await?;
    }
    Ok(())
}

/// Builds the application for a command, on an existing and migrated database with the configured key.
pub(crate) async fn open(config: &Config) -> Result<App, StartupError> {
    let store = open_existing(config).await?;
    match preflight::check_key(config, &store).await? {
        (Some(key), _) => Ok(assemble(config, store, key)?.app),
        (None, _) => Err(StartupError::NoKeyYet(
            secret_key_file::path(config).unwrap_or_default(),
        )),
    }
}

/// Opens an existing and migrated database for a command, without checking the key.
pub(crate) async fn open_existing(config: &Config) -> Result<SeaStore, StartupError> {
    preflight::check_exists(config)?;
    let database = Database {
        statement_timeout: COMMAND_STATEMENT_TIMEOUT,
        ..config.database.clone()
    };
    let store = connect_existing(&database).await?;
    check_schema(&config.database, &store).await?;
    Ok(store)
}

/// Checks that every migration of this program is applied. A newer schema passes, so that old instances can restart
/// during a rolling update.
async fn check_schema(database: &Database, store: &SeaStore) -> Result<(), StartupError> {
    let status = migrations(store).status_on(store.reader()).await;
    let status = status.map_err(|error| migration_error(database, error))?;
    for entry in &status.entries {
        match entry.state {
            MigrationState::Changed => tracing::warn!(
                "the migration {} has changed since it was applied; see `vestibule migrate status`",
                entry.name
            ),
            MigrationState::Unknown => tracing::warn!(
                "the database is newer than this program: it has the unknown migration {}",
                entry.name
            ),
            MigrationState::Applied
            | MigrationState::Pending
            | MigrationState::OutOfOrder
            | MigrationState::Interrupted => {}
        }
    }
    match status.pending_count() {
        0 => Ok(()),
        pending if database.pooler == Pooler::Transaction => Err(StartupError::PendingBehindPooler(pending)),
        pending => Err(StartupError::Pending(pending)),
    }
}

pub(crate) fn migration_error(database: &Database, error: vestibule_migrate::Error) -> StartupError {
    StartupError::Migration(database.redacted(), error.into())
}

pub(crate) fn database_error(database: &Database, error: StoreError) -> StartupError {
    StartupError::Database(database.redacted(), error.into())
}

/// Stores the fingerprint of the key in a database that has none yet or that of the previous key.
async fn register_key(config: &Config, app: &App) -> Result<(), StartupError> {
    let failed = |error| database_error(&config.database, error);
    match secret_key::check(app).await.map_err(failed)? {
        KeyCheck::Known => Ok(()),
        KeyCheck::First | KeyCheck::Successor => secret_key::reset(app).await.map_err(failed),
        KeyCheck::Unknown => Err(StartupError::UnknownKey(config.database.redacted())),
    }
}

/// Returns the number of threads that hash passwords. With more than two cores, one core remains free for other requests:
/// even at a low priority, a hash occupies its core for some milliseconds after another thread has become ready.
fn hash_threads() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if cores > 2 { cores - 1 } else { cores }
}

/// Builds the application on an open database.
pub(crate) fn assemble(config: &Config, store: SeaStore, key: SecretKey) -> Result<Components, StartupError> {
    let ring = KeyRing::new(key, config.tokens.previous_key.clone());
    let hashing = HashSettings {
        cost: config.passwords.bcrypt_cost,
        threads: hash_threads(),
        queue: HASH_QUEUE,
        max_wait: HASH_WAIT,
    };
    let jwt = JwtSettings {
        issuer: config.http.public_url.as_str().to_owned(),
        audience: config.tokens.audience.clone(),
    };
    let jwt = match &config.tokens.key_pairs[..] {
        [] => Jwt::with_shared_key(&ring, jwt),
        pairs => Jwt::with_key_pairs(pairs, jwt).map_err(|error| StartupError::SigningKey(error.into()))?,
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
        factor_crypto: Arc::new(ring.factor_crypto()),
        passkeys: passkeys(&config.passkeys),
        ip_limiter: IpLimiter::default(),
        policy: policy(config),
    };
    Ok(Components { app, hasher, jwks })
}

/// Builds the verifier of passkeys.
fn passkeys(settings: &config::Passkeys) -> Option<Arc<dyn Passkeys>> {
    let rp_id = settings.rp_id.clone()?;
    Some(Arc::new(WebAuthn::new(rp_id, settings.origins.clone())))
}

/// Builds the configured mailer.
pub(crate) fn mailer(config: &Config) -> Result<LettreMailer, StartupError> {
    let settings = MailerSettings {
        url: config.mail.url.clone(),
        from: config.mail.from.clone(),
        public_url: config.http.public_url.as_str().to_owned(),
        ehlo_name: config.mail.ehlo_name.clone(),
        ca_certificates: config.mail.authorities.clone(),
        timeout: config.mail.timeout,
    };
    LettreMailer::new(settings).map_err(|error| StartupError::Mail(error.into()))
}

fn policy(config: &Config) -> Policy {
    let Config {
        tokens,
        passwords,
        accounts,
        ..
    } = config;
    // The ranges of the settings exclude an overflow.
    let delta = |duration| TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    Policy {
        sign_up: accounts.sign_up,
        require_verified_email: accounts.require_verified_email,
        password_min_length: passwords.min_length,
        password_min_score: passwords.min_score,
        access_token_ttl: delta(tokens.access_token_ttl),
        session_ttl: delta(tokens.session_ttl),
        session_idle_ttl: tokens.session_idle_ttl.map(delta),
        step_up_age: delta(tokens.step_up_age),
        site: config.http.public_url.host().to_owned(),
        refresh_grace: delta(tokens.refresh_grace),
        audit_retention: delta(accounts.audit_retention),
        rate_limits: accounts.rate_limits,
    }
}
