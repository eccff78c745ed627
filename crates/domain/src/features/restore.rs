//! Completing a restore from a backup.

use crate::{
    model::{Actor, AuditAction, AuditEvent},
    ports::{
        AuditRepo, ChallengeRepo, Commit, IdempotencyRepo, OneTimeTokenRepo, OutboxRepo, SessionRepo, Store,
        StoreResult,
    },
    services::App,
};

const RESTORE_COMPLETED: AuditAction = AuditAction::new(
    "restore.completed",
    "After a restore from a backup, the operator revoked everything issued before; `sessions`, `links`, `emails` and `replays` are the counts",
);

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[RESTORE_COMPLETED];

/// The numbers of items that were revoked after a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Revoked {
    /// Sessions that were live in the backup.
    pub sessions: u64,
    /// Links to reset a password or to verify or change an email address, and invitations.
    pub links: u64,
    /// Unsent emails with such a link.
    pub emails: u64,
    /// Responses that were stored for idempotency keys.
    pub replays: u64,
}

/// Revokes everything that was issued before the backup, because items that were revoked or used after the backup are
/// valid again in the restored database. A repeated call also revokes everything that was issued in the meantime.
///
/// # Errors
/// The store failed; nothing was revoked.
pub async fn complete<S: Store>(app: &App<S>, actor: &Actor) -> StoreResult<Revoked> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let revoked = Revoked {
        sessions: tx.revoke_all_sessions(now).await?,
        emails: tx.delete_emails_with_links().await?,
        links: tx.delete_all_one_time_tokens().await?,
        replays: tx.delete_all_requests().await?,
    };
    tx.delete_all_challenges().await?;
    let event = AuditEvent::new(app, now, actor, RESTORE_COMPLETED)
        .detail_count("sessions", revoked.sessions)
        .detail_count("links", revoked.links)
        .detail_count("emails", revoked.emails)
        .detail_count("replays", revoked.replays);
    tx.insert_event(&event).await?;
    tx.commit().await?;
    Ok(revoked)
}
