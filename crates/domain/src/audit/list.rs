//! Looking at the trail.

use std::num::NonZeroU32;

use uuid::Uuid;

use crate::{
    Actor, App, Denied, Id, Limit, Page, Permission, Store, StoreError, Timestamp, Total,
    audit::{Action, AuditEvent, AuditRepo},
    user::User,
};

/// Counting goes no further than this.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// Which events; `None` asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By this user.
    pub actor: Option<Id<User>>,
    /// With this action.
    pub action: Option<Action>,
    /// To whatever has this identifier.
    pub target: Option<Uuid>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// Which events to list, and from where on.
#[derive(Debug, Clone, Default)]
pub struct ListEvents {
    /// Which events.
    pub filter: AuditFilter,
    /// The event after which the page starts.
    pub after: Option<Id<AuditEvent>>,
    /// How many.
    pub limit: Limit,
}

/// Why the trail is not shown.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The caller may not see it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One page of events, the newest first, counted on the first page. Needs `audit:read`.
///
/// # Errors
/// [`AuditError`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListEvents,
) -> Result<Page<AuditEvent, Id<AuditEvent>>, AuditError> {
    actor.require(&Permission::AUDIT_READ)?;
    let conn = app.store.conn();
    let rows = conn.list_events(list).await?;
    let total = match (list.after, list.limit.total_of_first(&rows)) {
        (Some(_), _) => None,
        (None, Some(total)) => Some(total),
        (None, None) => Some(Total::bounded(conn.count_events(list, COUNT_BOUND).await?, COUNT_BOUND)),
    };
    Ok(Page::cut(rows, list.limit, total))
}
