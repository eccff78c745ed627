//! The server's key: from the settings, or kept beside an SQLite database.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use vestibule_domain::Secret;
use vestibule_security::{ServerKey, SystemEntropy};

use crate::{
    Failure,
    config::{Config, Place},
};

/// The key that the settings give, or else the one that is kept beside the SQLite file, which is made
/// when there is none.
pub(crate) fn server_key(config: &Config) -> Result<ServerKey, Failure> {
    match (&config.tokens.secret_key, &config.database.place) {
        (Some(key), _) => Ok(key.clone()),
        (None, Place::File(database)) => kept(&database.with_extension("key")),
        (None, Place::Memory | Place::Server(_)) => Ok(ServerKey::generate(&SystemEntropy)),
    }
}

/// Whether there is a key already.
pub(crate) fn exists(config: &Config) -> bool {
    match &config.database.place {
        Place::File(database) => config.tokens.secret_key.is_some() || database.with_extension("key").exists(),
        Place::Memory | Place::Server(_) => true,
    }
}

fn kept(path: &Path) -> Result<ServerKey, Failure> {
    let fault = |error: io::Error| Failure::KeyFile(path.to_owned(), error.into());
    match fs::read_to_string(path) {
        Ok(text) => {
            let mode = fs::metadata(path).map_err(fault)?.permissions().mode();
            if mode & 0o077 != 0 {
                tracing::warn!("others can read {}: `chmod 600` it", path.display());
            }
            let text = Secret::new(text);
            ServerKey::parse(text.expose().trim_end()).map_err(|error| Failure::KeyFile(path.to_owned(), error.into()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = ServerKey::generate(&SystemEntropy);
            match keep(path, &key.encode()) {
                Ok(()) => {
                    tracing::info!("made a server key in {}: back it up with the database", path.display());
                    Ok(key)
                }
                // Another process was faster, and its key counts.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => kept(path),
                Err(error) => Err(fault(error)),
            }
        }
        Err(error) => Err(fault(error)),
    }
}

/// Writes the key in full under another name first, so that nobody ever reads half of it and a crash
/// leaves either a whole file or none. Linking, unlike renaming, refuses to replace a key.
fn keep(path: &Path, text: &Secret<String>) -> io::Result<()> {
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
