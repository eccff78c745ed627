//! The server's key: from the settings, or from a file beside an SQLite database.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use vestibule_domain::Secret;
use vestibule_security::{SecretKey, SystemRng};

use crate::{
    Failure,
    config::{Config, Place},
};

/// Returns the key of the settings or of the key file, or `None` when that file does not exist.
pub(crate) fn load(config: &Config) -> Result<Option<SecretKey>, Failure> {
    match (&config.tokens.secret_key, file_path(config)) {
        (Some(key), _) => Ok(Some(key.clone())),
        (None, Some(path)) => read(&path),
        // In memory the key ends with the database. PostgreSQL without a key is refused with the settings.
        (None, None) => Ok(Some(SecretKey::generate(&SystemRng))),
    }
}

/// Returns the key of the settings or of the key file, which is created when it does not exist.
pub(crate) fn load_or_create(config: &Config) -> Result<SecretKey, Failure> {
    loop {
        if let Some(key) = load(config)? {
            return Ok(key);
        }
        let Some(path) = file_path(config) else { continue };
        let key = SecretKey::generate(&SystemRng);
        match create(&path, &key.encode()) {
            Ok(()) => {
                tracing::info!(
                    "created a server key in {}: back it up with the database",
                    path.display()
                );
                return Ok(key);
            }
            // Another process was faster, and its key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::KeyFile(path, error.into())),
        }
    }
}

/// The file beside the database that holds the key, where the settings give none.
pub(crate) fn file_path(config: &Config) -> Option<PathBuf> {
    match (&config.tokens.secret_key, &config.database.place) {
        (None, Place::File(database)) => Some(database.with_extension("key")),
        _ => None,
    }
}

fn read(path: &Path) -> Result<Option<SecretKey>, Failure> {
    let fault = |error: io::Error| Failure::KeyFile(path.to_owned(), error.into());
    let text = match fs::read_to_string(path) {
        Ok(text) => Secret::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(error)),
    };
    let mode = fs::metadata(path).map_err(fault)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!("others can read {}: `chmod 600` it", path.display());
    }
    let key = SecretKey::parse(text.expose().trim_end());
    key.map(Some)
        .map_err(|error| Failure::KeyFile(path.to_owned(), error.into()))
}

/// Writes the key in full under another name first, so that no process ever reads half of it and a crash
/// leaves either a whole file or none. Linking, unlike renaming, refuses to replace a key.
fn create(path: &Path, text: &Secret<String>) -> io::Result<()> {
    let draft = PathBuf::from(format!("{}.{}", path.display(), std::process::id()));
    let written = write(&draft, text).and_then(|()| fs::hard_link(&draft, path));
    let _ = fs::remove_file(&draft);
    written
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
