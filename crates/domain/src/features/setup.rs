//! Creating the first administrator.

use crate::{
    model::{Actor, AuditAction, AuditEvent, ClientInfo, EmailAddress, Id, Installation, Password, RoleName, User},
    ports::{
        AuditRepo, Commit, CredentialRepo, InstallationRepo, MacKeys, Purpose, RoleRepo, Store, StoreResult, UserRepo,
    },
    services::{
        App,
        accounts::{ids_of, new_account},
        error::{Error, is_email_taken},
    },
};

/// The account of the first administrator.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The password to sign in with.
    pub password: Password,
}

/// Whether the installation waits for its first administrator.
///
/// # Errors
/// The store failed.
pub async fn is_open<S: Store>(app: &App<S>) -> StoreResult<bool> {
    Ok(app.store.db().find_installation().await?.is_setup_open())
}

/// The token that [`complete_with_token`] asks for; `None` when setup is over.
///
/// # Errors
/// The store failed.
pub async fn token<S: Store>(app: &App<S>) -> StoreResult<Option<SetupToken>> {
    let installation = app.store.db().find_installation().await?;
    let token = || SetupToken::of(installation.id, app.mac_keys.as_ref());
    Ok(installation.is_setup_open().then(token))
}

/// Makes the first administrator for whoever has the token. What is no token of ours is `None`.
///
/// # Errors
/// [`SetupError`].
pub async fn complete_with_token<S: Store>(
    app: &App<S>,
    client: ClientInfo,
    token: Option<&SetupToken>,
    first: FirstAdministrator,
) -> Result<User, SetupError> {
    let installation = open_installation(app).await?;
    let is_genuine = token.is_some_and(|token| token.is_genuine(installation.id, app.mac_keys.as_ref()));
    if !is_genuine {
        return Err(SetupError::InvalidToken);
    }
    make(app, &Actor::anonymous(client), first).await
}

/// Makes the first administrator for the operator, who needs no token.
///
/// # Errors
/// [`SetupError`], but not [`SetupError::InvalidToken`].
pub async fn complete<S: Store>(app: &App<S>, first: FirstAdministrator) -> Result<User, SetupError> {
    open_installation(app).await?;
    make(app, &Actor::system(), first).await
}

async fn open_installation<S: Store>(app: &App<S>) -> Result<Installation, SetupError> {
    let installation = app.store.db().find_installation().await?;
    if installation.is_setup_open() {
        Ok(installation)
    } else {
        Err(SetupError::Over)
    }
}

/// Whoever closes setup has won: of two at once the other one's account is not made.
async fn make<S: Store>(app: &App<S>, actor: &Actor, first: FirstAdministrator) -> Result<User, SetupError> {
    let FirstAdministrator { email, password } = first;
    if app.store.db().find_user_by_email(email.normalized()).await?.is_some() {
        // It may be the account of whoever was faster.
        open_installation(app).await?;
        return Err(SetupError::EmailTaken);
    }
    let hash = app.hasher.hash(password).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let roles = tx.lock_roles(&[RoleName::ADMIN, RoleName::MEMBER]).await?;
    if !tx.close_setup(now).await? {
        return Err(SetupError::Over);
    }
    let user = User {
        email_verified: true,
        ..new_account(app.new_id(now), email, None, &roles, now)
    };
    tx.insert_users(std::slice::from_ref(&user)).await?;
    tx.set_password_hash(user.id, &hash, now).await?;
    tx.add_roles(&[user.id], &ids_of(&roles)).await?;
    let event = AuditEvent::new(app, now, actor, AuditAction::SetupCompleted).target(user.id);
    tx.insert_event(&event.detail_names("roles", &user.roles)).await?;
    tx.commit().await?;
    Ok(user)
}

/// The setup token: a digest of the installation's identifier, so the same on every instance, and known
/// neither from the database alone nor from the key alone.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupToken([u8; 32]);

impl SetupToken {
    /// The token of an installation.
    pub(super) fn of(id: Id<Installation>, keys: &dyn MacKeys) -> Self {
        Self(keys.sign(Purpose::Setup, &[id.as_uuid().as_bytes()]))
    }

    /// Whether it is the token of this installation.
    pub(super) fn is_genuine(&self, id: Id<Installation>, keys: &dyn MacKeys) -> bool {
        keys.verify(Purpose::Setup, &[id.as_uuid().as_bytes()], &self.0)
    }

    /// Takes bytes that somebody handed in. Whether they are genuine is seen later.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to hand out.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }
}

/// A failure to create the first administrator.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There has been an administrator already.
    #[error("setup is complete")]
    Over,
    /// The token is not the one of this installation.
    #[error("the setup token is invalid")]
    InvalidToken,
    /// A user has the email address. Setup does not make existing users administrators.
    #[error("another user has this email address")]
    EmailTaken,
    /// A shared failure.
    #[error(transparent)]
    Other(Error),
}

impl<E: Into<Error>> From<E> for SetupError {
    fn from(error: E) -> Self {
        match error.into() {
            error if is_email_taken(&error) => Self::EmailTaken,
            error => Self::Other(error),
        }
    }
}
