//! Emailing links with one-time tokens, and verifying the tokens.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    model::{
        EmailAddress, EmailKind, Id, LinkToken, NormalizedEmail, OneTimeToken, QueuedEmail, Secret, Timestamp,
        TokenPurpose, User,
    },
    ports::{Commit, MacKeys, OneTimeTokenRepo, Purpose, Repositories, Store, StoreResult, UserRepo},
    services::{
        App,
        error::{Error, Failure},
        outbox::{acquire_email_quota, email_to},
        purge::in_batches,
    },
};

/// The token of a link is not from this server, was used before, has expired, or belongs to a different user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the link is invalid, was used before or has expired")]
pub struct InvalidToken;

impl Failure for InvalidToken {}

/// The lifetime of links that a person has just requested.
const SHORT: TimeDelta = TimeDelta::minutes(30);

/// The lifetime of links that may be unread for a while.
const LONG: TimeDelta = TimeDelta::hours(24);

/// A link to send.
pub(crate) struct Link<'a> {
    /// The kind of email that contains it.
    pub(crate) kind: EmailKind,
    /// The user; `None` for an unknown address.
    pub(crate) user: Option<Id<User>>,
    /// The recipient; `None` if no email is to be sent and the call only has to take the same time.
    pub(crate) to: Option<&'a str>,
    /// The new address, for a change of the email address.
    pub(crate) new_email: Option<EmailAddress>,
}

impl<'a> Link<'a> {
    /// Creates a link to send to a user.
    pub(crate) fn of(kind: EmailKind, user: &'a User) -> Self {
        Self {
            kind,
            user: Some(user.id),
            to: Some(user.email.as_str()),
            new_email: None,
        }
    }
}

/// Creates a one-time token, which replaces the previous one for the same purpose, and adds its email to the outbox.
pub(crate) async fn send_link<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    link: Link<'_>,
    at: Timestamp,
) -> StoreResult<()> {
    let Link {
        kind,
        user,
        to,
        new_email,
    } = link;
    let (purpose, lifetime) = match kind {
        EmailKind::VerifyEmail => (TokenPurpose::VerifyEmail, LONG),
        EmailKind::Invitation => (TokenPurpose::Invitation, LONG),
        EmailKind::ChangeEmail => (TokenPurpose::ChangeEmail, SHORT),
        _ => (TokenPurpose::ResetPassword, SHORT),
    };
    let token = OneTimeToken {
        id: app.new_id(at),
        user,
        purpose,
        email: new_email,
        created_at: at,
        expires_at: at + lifetime,
    };
    tx.replace_one_time_token(&token).await?;
    let email = QueuedEmail {
        user,
        token: Some(token.id),
        ..email_to(app, kind, to, at)
    };
    tx.insert_email(&email).await
}

/// Sends a link to an address if a user has it and `is_wanted` returns `true` for the user. Does the same work
/// otherwise, so that the duration does not reveal whether the address is known.
pub(crate) async fn request_link<S: Store>(
    app: &App<S>,
    address: &NormalizedEmail,
    kind: EmailKind,
    is_wanted: impl Fn(&User) -> bool,
) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    acquire_email_quota(app, &mut tx, address, now).await?;
    let user = tx.find_user_by_email(address).await?.filter(is_wanted);
    let link = Link {
        kind,
        user: user.as_ref().map(|user| user.id),
        to: user.as_ref().map(|user| user.email.as_str()),
        new_email: None,
    };
    send_link(app, &mut tx, link, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Finds the stored part and the user of a token. Returns `None` if it is not valid now for one of these purposes.
pub(crate) async fn find_valid_token<S: Store>(
    app: &App<S>,
    token: Option<&LinkToken>,
    purposes: &[TokenPurpose],
) -> StoreResult<Option<(OneTimeToken, User)>> {
    let genuine = token.and_then(|token| {
        let mut purposes = purposes.iter();
        let purpose = purposes.find(|purpose| token.is_genuine(**purpose, app.mac_keys.as_ref()))?;
        Some((token.id, *purpose))
    });
    let db = app.store.db();
    let row = match genuine {
        Some((id, purpose)) => db.find_token_for(id, purpose).await?,
        None => None,
    };
    let Some(row) = row.filter(|row| row.expires_at > app.clock.now()) else {
        return Ok(None);
    };
    let user = match row.user {
        Some(user) => db.find_user(user).await?,
        None => None,
    };
    Ok(user.map(|user| (row, user)))
}

/// Deletes tokens that expired more than a day ago, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - TimeDelta::days(1);
    in_batches(app, async |tx, limit| tx.delete_expired_tokens(before, limit).await).await
}

impl LinkToken {
    /// Derives the token from its stored part.
    pub(crate) fn derive(row: &OneTimeToken, keys: &dyn MacKeys) -> Self {
        let id = row.id.as_uuid();
        Self {
            id: row.id,
            mac: Secret::new(keys.sign(Purpose::OneTimeToken, &parts(&id, row.purpose))),
        }
    }

    /// Returns whether this server issued the token for this purpose.
    pub(crate) fn is_genuine(&self, purpose: TokenPurpose, keys: &dyn MacKeys) -> bool {
        let id = self.id.as_uuid();
        keys.verify(Purpose::OneTimeToken, &parts(&id, purpose), self.mac.expose())
    }
}

/// Returns the input of the MAC.
fn parts(id: &Uuid, purpose: TokenPurpose) -> [&[u8]; 2] {
    [id.as_bytes(), purpose.as_str().as_bytes()]
}
