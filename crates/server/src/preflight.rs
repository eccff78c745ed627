//! Checks that run before the database is changed: at startup, in commands and in `doctor`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access, statvfs};
use vestibule_domain::secret_key::{self, KeyCheck};
use vestibule_migrate::{MigrationState, Status};
use vestibule_persistence::{MigrationCounts, SeaStore};
use vestibule_security::{KeyRing, SecretKey};

use crate::{
    StartupError, bootstrap,
    config::{Config, Database, DatabaseKind},
    secret_key_file,
};

/// The free disk space in bytes below which `doctor` reports a note.
const MIN_FREE_SPACE: u64 = 256 << 20;

/// Counts the applied and the pending migrations of this program.
pub(crate) fn count_migrations(status: &Status) -> MigrationCounts {
    let is_applied = |state| matches!(state, MigrationState::Applied | MigrationState::Changed);
    MigrationCounts {
        applied: status.entries.iter().filter(|entry| is_applied(entry.state)).count(),
        pending: status.pending_count(),
    }
}

/// Checks that the server can use a database and apply pending migrations.
pub(crate) async fn check_database(database: &Database, store: &SeaStore) -> Result<(), StartupError> {
    let mut migrations = read_migration_counts(database, store).await?;
    loop {
        let problems = store.problems(migrations).await;
        let problems = problems.map_err(|error| bootstrap::database_error(database, error))?;
        if problems.is_empty() {
            return Ok(());
        }
        // The problems may be tables that another instance has created by migrating in the meantime.
        let now = read_migration_counts(database, store).await?;
        if now == migrations {
            let messages: Vec<_> = problems.iter().map(ToString::to_string).collect();
            return Err(StartupError::Unsuitable(database.redacted(), messages.join("; ")));
        }
        migrations = now;
    }
}

async fn read_migration_counts(database: &Database, store: &SeaStore) -> Result<MigrationCounts, StartupError> {
    let status = bootstrap::migrations(store).status_on(store.reader()).await;
    let status = status.map_err(|error| bootstrap::migration_error(database, error))?;
    Ok(count_migrations(&status))
}

/// Compares the key with the one the database was set up with. Returns the key and the result of the comparison, or no
/// key if neither exists yet.
pub(crate) async fn check_key(
    config: &Config,
    store: &SeaStore,
) -> Result<(Option<SecretKey>, KeyCheck), StartupError> {
    let stored = store.stored_key().await;
    let stored = stored.map_err(|error| bootstrap::database_error(&config.database, error))?;
    let key = secret_key_file::load(config)?;
    let Some((id, Some(fingerprint))) = stored else {
        return Ok((key, KeyCheck::First));
    };
    let Some(key) = key else {
        return Err(StartupError::NoKeyFile {
            path: secret_key_file::path(config).unwrap_or_default(),
            database: config.database.redacted(),
        });
    };
    let mac_keys = KeyRing::new(key.clone(), config.tokens.previous_key.clone()).mac_keys();
    match secret_key::compare(id, Some(&fingerprint), &mac_keys) {
        KeyCheck::Unknown => Err(StartupError::UnknownKey(config.database.redacted())),
        check => Ok((Some(key), check)),
    }
}

/// Checks that the database exists, because commands do not create it. The existence of a PostgreSQL
/// database is only known after connecting.
pub(crate) fn check_exists(config: &Config) -> Result<(), StartupError> {
    let setting = config.settings.iter().find(|setting| setting.name == "DATABASE_URL");
    let source = setting.map(|setting| setting.source.to_string()).unwrap_or_default();
    match &config.database.kind {
        DatabaseKind::Server(_) => Ok(()),
        DatabaseKind::Memory => Err(StartupError::InMemoryDatabase(source)),
        DatabaseKind::File(path) if path.exists() => Ok(()),
        DatabaseKind::File(path) => {
            let working_directory = env::current_dir().unwrap_or_default();
            Err(StartupError::NoDatabase {
                path: working_directory.join(path),
                working_directory,
                setting_source: source,
            })
        }
    }
}

/// Checks that an SQLite file can be written, or created if it does not exist.
pub(crate) fn check_file(path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!(
            "{} is a directory; set DATABASE_URL to a file in it",
            path.display()
        ));
    }
    if path.exists() {
        check_access(path, Access::READ_OK | Access::WRITE_OK, "file")?;
    }
    // SQLite creates its write-ahead log in the same directory.
    check_new_file(path)
}

/// Checks that an SQLite file and its directory can be created.
pub(crate) fn check_new_file(path: &Path) -> Result<(), String> {
    let directory = existing_directory_of(path);
    if !directory.is_dir() {
        return Err(format!(
            "cannot create {}: {} is not a directory",
            path.display(),
            directory.display()
        ));
    }
    check_access(&directory, Access::WRITE_OK | Access::EXEC_OK, "directory")
}

/// Returns the free space for an SQLite file in MiB if it is low.
pub(crate) fn low_free_space(path: &Path) -> Option<u64> {
    let stats = statvfs(existing_directory_of(path)).ok()?;
    let free = stats.f_bavail.saturating_mul(stats.f_frsize);
    (free < MIN_FREE_SPACE).then_some(free >> 20)
}

fn check_access(path: &Path, wanted: Access, kind: &str) -> Result<(), String> {
    access(path, wanted).map_err(|error| {
        let owner = fs::metadata(path).map(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata));
        let owner = owner.map(|uid| format!(" (owned by user {uid})")).unwrap_or_default();
        let user = rustix::process::geteuid().as_raw();
        format!(
            "this process (user {user}) cannot write the {kind} {}{owner}: {error}",
            path.display()
        )
    })
}

/// Returns the directory of a file, or its nearest ancestor that exists.
fn existing_directory_of(path: &Path) -> PathBuf {
    let parent = path
        .parent()
        .filter(|directory| *directory != Path::new(""))
        .unwrap_or(Path::new("."));
    let existing = parent
        .ancestors()
        .find(|directory| directory.exists() && *directory != Path::new(""));
    existing.unwrap_or(Path::new(".")).to_owned()
}
