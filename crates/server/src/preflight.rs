//! Checks before the database is changed: for the start of the server, for commands and for `doctor`.

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
    Failure,
    config::{Config, Database, Place},
    secret_key_file, wire,
};

/// Less free space than this is worth a note, in bytes.
const LITTLE_SPACE: u64 = 256 << 20;

/// How far the migrations of this program have come.
pub(crate) fn counts(status: &Status) -> MigrationCounts {
    let is_applied = |state| matches!(state, MigrationState::Applied | MigrationState::Changed);
    MigrationCounts {
        applied: status.entries.iter().filter(|entry| is_applied(entry.state)).count(),
        pending: status.pending_count(),
    }
}

/// Checks that the server can work with a database, and apply what is pending.
pub(crate) async fn check_database(database: &Database, store: &SeaStore) -> Result<(), Failure> {
    let mut migrations = migration_counts(database, store).await?;
    loop {
        let problems = store.problems(migrations).await;
        let problems = problems.map_err(|error| Failure::Database(database.shown(), error.into()))?;
        if problems.is_empty() {
            return Ok(());
        }
        // Another instance may have migrated in between, and the tables are ours.
        let now = migration_counts(database, store).await?;
        if now == migrations {
            let sentences: Vec<_> = problems.iter().map(ToString::to_string).collect();
            return Err(Failure::Unfit(database.shown(), sentences.join("; ")));
        }
        migrations = now;
    }
}

async fn migration_counts(database: &Database, store: &SeaStore) -> Result<MigrationCounts, Failure> {
    let status = wire::migrations(store).status_on(store.reader()).await;
    let status = status.map_err(|error| wire::migration_failed(database, error))?;
    Ok(counts(&status))
}

/// Checks the key against the one that the database was set up with, and changes nothing. Returns the key and how
/// it compares; no key when there is neither a key file nor a database that knows one.
pub(crate) async fn check_key(config: &Config, store: &SeaStore) -> Result<(Option<SecretKey>, KeyCheck), Failure> {
    let stored = store.stored_key().await;
    let stored = stored.map_err(|error| Failure::Database(config.database.shown(), error.into()))?;
    let key = secret_key_file::load(config)?;
    let Some((id, Some(fingerprint))) = stored else {
        return Ok((key, KeyCheck::First));
    };
    let Some(key) = key else {
        return Err(Failure::NoKeyFile {
            path: secret_key_file::file_path(config).unwrap_or_default(),
            database: config.database.shown(),
        });
    };
    let mac_keys = KeyRing::new(key.clone(), config.tokens.previous_key.clone()).mac_keys();
    match secret_key::compare(id, Some(&fingerprint), &mac_keys) {
        KeyCheck::Unknown => Err(Failure::UnknownKey(config.database.shown())),
        check => Ok((Some(key), check)),
    }
}

/// Checks that the database that a command is to work with exists, which it does not create. On a server only
/// connecting can tell.
pub(crate) fn check_exists(config: &Config) -> Result<(), Failure> {
    let setting = config.settings.iter().find(|setting| setting.name == "DATABASE_URL");
    let origin = setting.map(|setting| setting.origin.to_string()).unwrap_or_default();
    match &config.database.place {
        Place::Server(_) => Ok(()),
        Place::Memory => Err(Failure::Refused(format!(
            "there is no database to work with: DATABASE_URL ({origin}) is sqlite::memory:, which ends with its process"
        ))),
        Place::File(path) if path.exists() => Ok(()),
        Place::File(path) => {
            let here = env::current_dir().unwrap_or_default();
            Err(Failure::NoDatabase {
                path: here.join(path),
                here,
                origin,
            })
        }
    }
}

/// Checks that an SQLite file can be written, or created where it does not exist yet.
pub(crate) fn check_file(path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!("{} is a folder: name a file in it", path.display()));
    }
    if path.exists() {
        may_write(path, Access::READ_OK | Access::WRITE_OK, "file")?;
    }
    // SQLite creates its write-ahead log beside the file.
    check_new_file(path)
}

/// Checks that an SQLite file that does not exist can be created, with its folder.
pub(crate) fn check_new_file(path: &Path) -> Result<(), String> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(format!(
            "{} is no folder, so {} cannot be created",
            folder.display(),
            path.display()
        ));
    }
    may_write(&folder, Access::WRITE_OK | Access::EXEC_OK, "folder")
}

/// Returns how much space is left for an SQLite file, in MiB, where that is little.
pub(crate) fn little_space(path: &Path) -> Option<u64> {
    let found = statvfs(folder_of(path)).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    (free < LITTLE_SPACE).then_some(free >> 20)
}

fn may_write(path: &Path, wanted: Access, what: &str) -> Result<(), String> {
    access(path, wanted).map_err(|error| {
        let owner = fs::metadata(path).map(|found| std::os::unix::fs::MetadataExt::uid(&found));
        let owner = owner.map(|uid| format!(" (owned by user {uid})")).unwrap_or_default();
        let user = rustix::process::geteuid().as_raw();
        format!(
            "the {what} {}{owner} cannot be written by this process (user {user}): {error}",
            path.display()
        )
    })
}

/// The folder of a file, or the nearest one above that exists.
fn folder_of(path: &Path) -> PathBuf {
    let parent = path
        .parent()
        .filter(|folder| *folder != Path::new(""))
        .unwrap_or(Path::new("."));
    let existing = parent
        .ancestors()
        .find(|folder| folder.exists() && *folder != Path::new(""));
    existing.unwrap_or(Path::new(".")).to_owned()
}
