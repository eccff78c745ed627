//! Keys: making new ones, and going on with another when the old one is lost.

use std::io::Write;

use vestibule_domain::secret_key;
use vestibule_security::{KeyPair, SecretKey, SigningAlgorithm, SystemRng};

use crate::{Failure, cli::KeyAlgorithm, config::Config, secret_key_file, wire};

/// Prints a new key. It needs neither settings nor a database.
pub(super) fn generate(algorithm: KeyAlgorithm, out: &mut dyn Write) -> Result<(), Failure> {
    let pair = match algorithm {
        KeyAlgorithm::Hs256 => {
            writeln!(out, "{}", SecretKey::generate(&SystemRng).encode().expose())?;
            return Ok(());
        }
        KeyAlgorithm::EdDsa => SigningAlgorithm::EdDsa,
        KeyAlgorithm::Es256 => SigningAlgorithm::Es256,
    };
    let pem = KeyPair::generate(pair).map_err(|error| Failure::Failed("no key could be made", error))?;
    write!(out, "{}", pem.expose())?;
    Ok(())
}

/// Makes the server's key the one that the database knows; creates the key file when there is none.
pub(super) async fn adopt(config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let store = wire::open_existing(config).await?;
    let wired = wire::assemble(config, store, secret_key_file::load_or_create(config)?)?;
    let adopted = secret_key::reset(&wired.app).await;
    adopted.map_err(|error| Failure::Failed("the database failed", error.into()))?;
    writeln!(
        out,
        "the database knows this key now; sessions under another one have ended"
    )?;
    Ok(())
}
