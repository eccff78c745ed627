//! `key`: generating keys, and replacing a lost secret key.

use std::io::Write;

use vestibule_domain::{
    Actor, factors,
    secret_key::{self, KeyCheck},
};
use vestibule_security::{KeyPair, SecretKey, SigningAlgorithm, SystemRng};

use crate::{CommandError, bootstrap, cli::KeyAlgorithm, config::Config, secret_key_file};

/// Prints a new key.
pub(super) fn generate(algorithm: KeyAlgorithm, out: &mut dyn Write) -> Result<(), CommandError> {
    let pair = match algorithm {
        KeyAlgorithm::Hs256 => {
            writeln!(out, "{}", SecretKey::generate(&SystemRng).encode().expose())?;
            return Ok(());
        }
        KeyAlgorithm::EdDsa => SigningAlgorithm::EdDsa,
        KeyAlgorithm::Es256 => SigningAlgorithm::Es256,
    };
    let pem = KeyPair::generate(pair).map_err(|error| CommandError::Failed("cannot generate a key", error))?;
    write!(out, "{}", pem.expose())?;
    Ok(())
}

/// Registers the configured key in the database, and creates the key file if there is none.
pub(super) async fn reset(config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let store = bootstrap::open_existing(config).await?;
    let components = bootstrap::assemble(config, store, secret_key_file::load_or_create(config)?)?;
    let failed = |error| bootstrap::database_error(&config.database, error);
    if secret_key::check(&components.app).await.map_err(failed)? == KeyCheck::Known {
        writeln!(
            out,
            "the database already accepts the configured secret key; nothing was changed"
        )?;
        return Ok(());
    }
    secret_key::reset(&components.app).await.map_err(failed)?;
    let removed = factors::remove_unreadable_totp(&components.app, &Actor::operator())
        .await
        .map_err(failed)?;
    writeln!(
        out,
        "the database now accepts the configured secret key; all users must sign in again"
    )?;
    if removed > 0 {
        writeln!(
            out,
            "removed {removed} authenticator apps, whose secrets were encrypted under the lost key; their users were notified"
        )?;
    }
    Ok(())
}
