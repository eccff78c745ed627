//! Completing a restore from a backup.

use crate::{
    model::{Actor, AuditAction, AuditEvent},
    ports::{AuditRepo, Commit, IdempotencyRepo, OneTimeTokenRepo, OutboxRepo, SessionRepo, Store, StoreResult},
    services::App,
};

/// What was revoked after a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Revoked {
    /// Sessions that the backup had as live.
    pub sessions: u64,
    /// Links: to reset a password, to verify or change an address, and invitations.
    pub links: u64,
    /// Emails with such a link that were not sent yet.
    pub emails: u64,
    /// Responses that were kept to be replayed for an idempotency key.
    pub replays: u64,
}

/// Revokes everything that was issued before a backup was taken: what was revoked or used since then is valid again in
/// the restored database. Calling it again revokes what was issued in the meantime.
///
/// # Errors
/// The store failed; nothing was revoked.
pub async fn complete<S: Store>(app: &App<S>, actor: &Actor) -> StoreResult<Revoked> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let revoked = Revoked {
        sessions: tx.revoke_all_sessions(now).await?,
        emails: tx.delete_mails_with_links().await?,
        links: tx.delete_all_one_time_tokens().await?,
        replays: tx.delete_all_requests().await?,
    };
    let event = AuditEvent::new(app, now, actor, AuditAction::RestoreCompleted)
        .detail_count("sessions", revoked.sessions)
        .detail_count("links", revoked.links)
        .detail_count("emails", revoked.emails)
        .detail_count("replays", revoked.replays);
    tx.insert_event(&event).await?;
    tx.commit().await?;
    Ok(revoked)
}
