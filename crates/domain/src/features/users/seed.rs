//! Creating sample users.

use crate::{
    model::{Actor, DisplayName, EmailAddress, Permission, RoleName, User},
    ports::{Commit, RoleRepo, Store, UserRepo},
    services::{
        App,
        accounts::{ids_of, new_account},
        error::UserError,
    },
};

/// A made-up account.
#[derive(Debug, Clone)]
pub struct SeedUser {
    /// The address.
    pub email: EmailAddress,
    /// The name to show.
    pub display_name: DisplayName,
}

/// Makes accounts with the role `member` and without a password, so that nobody can sign in as one of
/// them: for trying lists and for benchmarks. All are made or none. Needs `users:create`.
///
/// # Errors
/// [`Error::Denied`](crate::Error::Denied), [`UserError::EmailTaken`].
pub async fn seed<S: Store>(app: &App<S>, actor: &Actor, people: Vec<SeedUser>) -> Result<(), UserError> {
    actor.require(&Permission::USERS_CREATE)?;
    let mut tx = app.store.begin().await?;
    let roles = tx.lock_roles(&[RoleName::MEMBER]).await?;
    let make = |SeedUser { email, display_name }| {
        let now = app.clock.now();
        new_account(app.new_id(now), email, Some(display_name), &roles, now)
    };
    let users: Vec<User> = people.into_iter().map(make).collect();
    tx.insert_users(&users).await?;
    tx.add_roles(&users.iter().map(|user| user.id).collect::<Vec<_>>(), &ids_of(&roles))
        .await?;
    tx.commit().await?;
    Ok(())
}
