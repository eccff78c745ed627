//! Creating sample users.

use crate::{
    features::users::error::CreateError,
    model::{Actor, DisplayName, EmailAddress, Permission, RoleName, User},
    ports::{Commit, RoleRepo, Store, UserRepo},
    services::{
        App,
        accounts::{ids_of, new_account},
    },
};

/// A sample user.
#[derive(Debug, Clone)]
pub struct SeedUser {
    /// The email address.
    pub email: EmailAddress,
    /// The display name.
    pub display_name: DisplayName,
}

/// Creates sample users for demonstrations and benchmarks. They have the role `member` and no password, so they cannot
/// sign in. Either all or none are created. Requires `users:create`.
///
/// # Errors
/// [`Error::Denied`](crate::Error::Denied), [`CreateError::EmailTaken`].
pub async fn seed<S: Store>(app: &App<S>, actor: &Actor, users: Vec<SeedUser>) -> Result<(), CreateError> {
    actor.require(&Permission::USERS_CREATE)?;
    let mut tx = app.store.begin().await?;
    let roles = tx.lock_roles(&[RoleName::MEMBER]).await?;
    let new_user = |SeedUser { email, display_name }| {
        let now = app.clock.now();
        new_account(app.new_id(now), email, Some(display_name), &roles, now)
    };
    let users: Vec<User> = users.into_iter().map(new_user).collect();
    tx.insert_users(&users).await?;
    tx.add_roles(&users.iter().map(|user| user.id).collect::<Vec<_>>(), &ids_of(&roles))
        .await?;
    tx.commit().await?;
    Ok(())
}
