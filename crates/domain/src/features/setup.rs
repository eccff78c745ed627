//! Creating the first administrator.

use crate::{
    model::{Actor, AuditAction, AuditEvent, ClientInfo, EmailAddress, Id, Installation, Password, RoleName, User},
    ports::{
        AuditRepo, Commit, CredentialRepo, InstallationRepo, MacKeys, Purpose, RoleRepo, Store, StoreResult, UserRepo,
    },
    services::{
        App,
        accounts::{ids_of, new_account},
        error::{EmailTaken, Failure, use_case_error},
    },
};

const SETUP_COMPLETED: AuditAction = AuditAction::new("setup.completed", "The first administrator was created");

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[SETUP_COMPLETED];

/// The account of the first administrator.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// The email address to sign in with.
    pub email: EmailAddress,
    /// The password to sign in with.
    pub password: Password,
}

/// Returns whether the installation has no administrator yet.
///
/// # Errors
/// The store failed.
pub async fn is_open<S: Store>(app: &App<S>) -> StoreResult<bool> {
    Ok(app.store.db().find_installation().await?.is_setup_open())
}

/// Returns the token that [`complete_with_token`] requires, or `None` if setup is complete.
///
/// # Errors
/// The store failed.
pub async fn token<S: Store>(app: &App<S>) -> StoreResult<Option<SetupToken>> {
    let installation = app.store.db().find_installation().await?;
    let token = || SetupToken::derive(installation.id, app.mac_keys.as_ref());
    Ok(installation.is_setup_open().then(token))
}

/// Creates the first administrator for a client with the setup token. `token` is `None` if the client sent a malformed
/// token.
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
        return Err(InvalidSetupToken.into());
    }
    create_administrator(app, &Actor::anonymous(client), first).await
}

/// Creates the first administrator for the operator, who needs no token.
///
/// # Errors
/// [`SetupError`], but not [`SetupError::InvalidSetupToken`].
pub async fn complete<S: Store>(app: &App<S>, first: FirstAdministrator) -> Result<User, SetupError> {
    open_installation(app).await?;
    create_administrator(app, &Actor::system(), first).await
}

async fn open_installation<S: Store>(app: &App<S>) -> Result<Installation, SetupError> {
    let installation = app.store.db().find_installation().await?;
    if installation.is_setup_open() {
        Ok(installation)
    } else {
        Err(Closed.into())
    }
}

/// Creates the account of the first administrator in the transaction that closes setup, so that of any number of
/// concurrent calls, one succeeds.
async fn create_administrator<S: Store>(
    app: &App<S>,
    actor: &Actor,
    first: FirstAdministrator,
) -> Result<User, SetupError> {
    let FirstAdministrator { email, password } = first;
    if app.store.db().find_user_by_email(email.normalized()).await?.is_some() {
        // The account may have been created by a concurrent call, which has closed setup.
        open_installation(app).await?;
        return Err(EmailTaken.into());
    }
    let hash = app.hasher.hash(password).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let roles = tx.lock_roles(&[RoleName::ADMIN, RoleName::MEMBER]).await?;
    if !tx.close_setup(now).await? {
        return Err(Closed.into());
    }
    let user = User {
        email_verified: true,
        ..new_account(app.new_id(now), email, None, &roles, now)
    };
    tx.insert_users(std::slice::from_ref(&user)).await?;
    tx.set_password_hash(user.id, &hash, now).await?;
    tx.add_roles(&[user.id], &ids_of(&roles)).await?;
    let event = AuditEvent::new(app, now, actor, SETUP_COMPLETED).target(user.id);
    tx.insert_event(&event.detail_names("roles", &user.roles)).await?;
    tx.commit().await?;
    Ok(user)
}

/// The setup token: a MAC of the identifier of the installation. It is the same on every instance, and cannot be
/// derived from the database alone or from the secret key alone.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupToken([u8; 32]);

impl SetupToken {
    /// Derives the token of an installation.
    fn derive(id: Id<Installation>, keys: &dyn MacKeys) -> Self {
        Self(keys.sign(Purpose::Setup, &[id.as_uuid().as_bytes()]))
    }

    /// Returns whether it is the token of this installation.
    fn is_genuine(&self, id: Id<Installation>, keys: &dyn MacKeys) -> bool {
        keys.verify(Purpose::Setup, &[id.as_uuid().as_bytes()], &self.0)
    }

    /// Creates a token from the bytes that a client sent. They are verified later.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes to send to the client.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }
}

/// There has been an administrator already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("setup is complete")]
pub struct Closed;

impl Failure for Closed {}

/// The token does not belong to this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the setup token is invalid")]
pub struct InvalidSetupToken;

impl Failure for InvalidSetupToken {}

use_case_error! {
    /// A failure to create the first administrator. Setup does not make existing users administrators.
    pub enum SetupError { Closed, InvalidSetupToken, EmailTaken }
}
