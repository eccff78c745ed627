//! Deleting users.

use crate::{
    model::{Actor, Id, IfMatch, Permission, User},
    ports::Store,
    services::{
        App,
        account_deletion::{Precondition, delete_account},
        error::DeleteAccountError,
    },
};

/// Deletes any user permanently. Requires `users:delete` and every permission of the user.
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
    delete_account(app, actor, id, Precondition::Version(&expected)).await
}
