//! Removing what is left of deleted roles.

use crate::{App, Store, StoreResult, purge::in_batches, role::RoleRepo};

/// Removes the users' rows of deleted roles, in batches. Returns their number. Nothing changes for anybody:
/// a deleted role shows nowhere and permits nothing from its deletion on.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let mut removed = 0;
    while let Some(role) = app.store.conn().find_deleted_role().await? {
        removed += in_batches(app, async |tx, limit| tx.remove_members(role, limit).await).await?;
    }
    Ok(removed)
}
