//! `restore complete`.

use std::io::Write;

use vestibule_domain::{
    Actor,
    restore::{self, Revoked},
};

use crate::{CommandError, bootstrap, config::Config};

/// Revokes everything that was issued before the backup, and prints the counts.
pub(super) async fn complete(config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let app = bootstrap::open(config).await?;
    let revoked = restore::complete(&app, &Actor::operator()).await;
    let Revoked {
        sessions,
        links,
        emails,
        replays,
    } = revoked
        .map_err(|error| CommandError::Failed("a database operation failed; nothing was revoked", error.into()))?;
    writeln!(
        out,
        "revoked {sessions} sessions and {links} links; deleted {emails} unsent emails with links and {replays} \
         idempotency keys"
    )?;
    Ok(())
}
