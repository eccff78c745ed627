//! Carrying a request out once.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    App, Commit, Id, Purpose, Repos, Store, StoreError, StoreResult, Timestamp,
    idempotency::{IdempotencyKey, IdempotencyRepo, KeptRequest},
    purge::in_batches,
    user::User,
};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// How long a request that nobody answers holds its key: longer than any takes.
const LEASE: TimeDelta = TimeDelta::minutes(1);

/// A key, held for the request that came first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose key it is.
    pub user: Id<User>,
    /// What it is a key for, such as `POST /api/users`.
    pub place: &'static str,
    /// The key.
    pub key: IdempotencyKey,
    /// A keyed digest of the body.
    pub fingerprint: [u8; 32],
    /// Until when it is held.
    pub until: Timestamp,
}

/// What a request with a key meets.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is the first one: carry it out.
    First(Claim),
    /// It was carried out, and this was the answer.
    Again(String),
}

/// Why a request with a key is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The key stands for another request.
    #[error("the key stands for another request")]
    Reused,
    /// The first request with the key is still under way.
    #[error("a request with the key is under way")]
    InFlight,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a request with a key up. The body counts byte by byte; nothing of it is stored but a keyed digest.
///
/// # Errors
/// [`IdempotencyError`].
pub async fn begin<S: Store>(
    app: &App<S>,
    user: Id<User>,
    place: &'static str,
    key: IdempotencyKey,
    body: &[u8],
) -> Result<Begun, IdempotencyError> {
    let now = app.clock.now();
    let claim = Claim {
        user,
        place,
        key,
        fingerprint: app.keyed.mac(Purpose::Fingerprint, &[body]),
        until: now + LEASE,
    };
    let mut tx = app.store.begin().await?;
    let is_first = tx.claim_request(&claim, now).await?;
    let found = if is_first { None } else { tx.find_request(&claim).await? };
    tx.commit().await?;
    match found {
        None if is_first => Ok(Begun::First(claim)),
        Some(KeptRequest { fingerprint, .. }) if !app.keyed.verify(Purpose::Fingerprint, &[body], &fingerprint) => {
            Err(IdempotencyError::Reused)
        }
        Some(KeptRequest {
            answer: Some(answer), ..
        }) => Ok(Begun::Again(answer)),
        Some(_) | None => Err(IdempotencyError::InFlight),
    }
}

/// Frees the key of a request that was refused: only what succeeded is kept.
///
/// # Errors
/// The store failed; then the key is free after a minute.
pub async fn release<S: Store>(app: &App<S>, claim: &Claim) -> StoreResult<()> {
    let mut tx = app.store.begin().await?;
    tx.release_request(claim).await?;
    tx.commit().await
}

/// Has a use case keep the answer to what it makes.
pub struct Keep<'a, T> {
    /// The key of the request.
    pub claim: &'a Claim,
    /// Writes the answer.
    pub answer: &'a (dyn Fn(&T) -> String + Send + Sync),
}

/// Keeps the answer in the transaction of what it tells, so that there is never one without the other.
pub(crate) async fn keep<S, T>(
    app: &App<S>,
    tx: &mut impl Repos,
    keep: Option<Keep<'_, T>>,
    made: (Uuid, &T),
) -> StoreResult<()> {
    let Some(Keep { claim, answer }) = keep else {
        return Ok(());
    };
    let (id, made) = made;
    if tx.keep_answer(claim, &answer(made), id, app.clock.now() + KEPT).await? {
        Ok(())
    } else {
        Err(StoreError::Conflict(
            "the request took so long that another one has its key".into(),
        ))
    }
}

/// Removes answers that are kept no longer, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_requests(now, limit).await).await
}
