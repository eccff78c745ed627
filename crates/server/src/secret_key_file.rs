//! The secret key: from the configuration, or from a file next to an SQLite database.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use vestibule_domain::Secret;
use vestibule_security::{SecretKey, SystemRng};

use crate::{
    StartupError,
    config::{Config, DatabaseKind},
};

/// Returns the configured key or that of the key file, or `None` if there is neither.
pub(crate) fn load(config: &Config) -> Result<Option<SecretKey>, StartupError> {
    match (&config.tokens.secret_key, path(config)) {
        (Some(key), _) => Ok(Some(key.clone())),
        (None, Some(path)) => read(&path),
        // An in-memory database needs no permanent key. The configuration requires one for PostgreSQL.
        (None, None) => Ok(Some(SecretKey::generate(&SystemRng))),
    }
}

/// Returns the configured key or that of the key file, which is created if it does not exist.
pub(crate) fn load_or_create(config: &Config) -> Result<SecretKey, StartupError> {
    loop {
        if let Some(key) = load(config)? {
            return Ok(key);
        }
        let Some(path) = path(config) else { continue };
        let key = SecretKey::generate(&SystemRng);
        match create(&path, &key.encode()) {
            Ok(()) => {
                tracing::info!(
                    "created a secret key in {}; back it up together with the database",
                    path.display()
                );
                return Ok(key);
            }
            // Another process has created the file first; load its key.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StartupError::KeyFile(path, error.into())),
        }
    }
}

/// Returns the path of the key file next to an SQLite database, or `None` if the key is configured.
pub(crate) fn path(config: &Config) -> Option<PathBuf> {
    match (&config.tokens.secret_key, &config.database.kind) {
        (None, DatabaseKind::File(database)) => Some(database.with_extension("key")),
        _ => None,
    }
}

fn read(path: &Path) -> Result<Option<SecretKey>, StartupError> {
    let failed = |error: io::Error| StartupError::KeyFile(path.to_owned(), error.into());
    let text = match fs::read_to_string(path) {
        Ok(text) => Secret::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(
            "other users can read the key file {path}: run `chmod 600 {path}`",
            path = path.display()
        );
    }
    let key = SecretKey::parse(text.expose().trim_end());
    key.map(Some)
        .map_err(|error| StartupError::KeyFile(path.to_owned(), error.into()))
}

/// Writes the key to a temporary file and links it to its path, so that no process reads an incomplete key and a crash
/// leaves none. Unlike a rename, a link does not replace an existing key.
fn create(path: &Path, text: &Secret<String>) -> io::Result<()> {
    let temporary = PathBuf::from(format!("{}.{}", path.display(), std::process::id()));
    let created = write(&temporary, text).and_then(|()| fs::hard_link(&temporary, path));
    let _ = fs::remove_file(&temporary);
    created
}

fn write(path: &Path, text: &Secret<String>) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{}", text.expose())?;
    file.sync_all()
}
