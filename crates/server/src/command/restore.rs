//! The end of a restore from a backup.

use std::io::Write;

use vestibule_domain::{
    Actor,
    restore::{self, Revoked},
};

use crate::{Failure, config::Config, wire};

/// Revokes everything that was issued before the backup was taken, and prints how much that was.
pub(super) async fn complete(config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let app = wire::open(config).await?;
    let revoked = restore::complete(&app, &Actor::operator()).await;
    let Revoked {
        sessions,
        links,
        emails,
        replays,
    } = revoked.map_err(|error| Failure::Failed("nothing was revoked: the database failed", error.into()))?;
    writeln!(
        out,
        "revoked {sessions} sessions and {links} links; deleted {emails} unsent emails with links and {replays} kept responses"
    )?;
    Ok(())
}
