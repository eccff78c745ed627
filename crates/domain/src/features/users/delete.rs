//! Deleting users.

use crate::{
    model::{Actor, Id, IfMatch, Permission, User},
    ports::Store,
    services::{
        App,
        account_deletion::{Precondition, delete_account},
        error::DeleteAccountError,
        step_up::require_fresh,
    },
};

/// Deletes any user permanently. Requires `users:delete` and every permission of the user, and for the actor's own account a
/// recent proof of identity.
///
/// # Errors
/// [`Error::Denied`](crate::Error::Denied), [`Error::NotFound`](crate::Error::NotFound),
/// [`Error::Stale`](crate::Error::Stale), [`DeleteAccountError::LastAdmin`], [`DeleteAccountError::InUse`].
pub async fn delete<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    expected: IfMatch,
) -> Result<(), DeleteAccountError> {
    actor.require(&Permission::USERS_DELETE)?;
    if actor.is(id) {
        require_fresh(app, actor).await?;
    }
    delete_account(app, actor, id, Precondition::Version(&expected)).await
}
