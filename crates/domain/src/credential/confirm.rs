//! Confirming that the person at the keyboard knows the password.

use crate::{
    App, Id, Store,
    credential::{CredentialError, CredentialRepo, Password, PasswordHash, Verdict},
    user::User,
};

/// Verifies the user's password and returns the hash that it was verified against. A transaction that
/// relies on it checks that the hash is still the stored one.
pub(crate) async fn confirm<S: Store>(
    app: &App<S>,
    user: Id<User>,
    current: Password,
) -> Result<PasswordHash, CredentialError> {
    let hash = app.store.conn().find_password_hash(user).await?;
    let verdict = app.hasher.verify(current, hash.clone()).await?;
    match hash {
        Some(hash) if verdict != Verdict::Wrong => Ok(hash),
        _ => Err(CredentialError::WrongPassword),
    }
}
