//! Idempotency keys: a request takes effect once, even if it is sent several times.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    model::{Id, IdempotencyKey, IdempotentRequest, StoredRequest, User},
    ports::{Commit, IdempotencyRepo, Purpose, Repositories, Store, StoreError, StoreResult},
    services::{App, purge::in_batches},
};

/// The time for which a response is replayed.
const RETENTION: TimeDelta = TimeDelta::hours(24);

/// The time for which an unfinished request locks its key. No request takes longer.
const LOCK: TimeDelta = TimeDelta::minutes(1);

/// The result of starting a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Start {
    /// This is the first request with its key, to be executed.
    Started(IdempotentRequest),
    /// The request was executed before and had this response.
    Replayed(String),
}

/// The request must not be executed.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The key was used for a different request.
    #[error("the idempotency key was used for a different request")]
    Reused,
    /// The first request with the key is still being processed.
    #[error("a request with the same idempotency key is still being processed")]
    InFlight,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Starts a request. Two requests are the same if their bodies have the same bytes; only a MAC of the body is stored.
///
/// # Errors
/// [`IdempotencyError`].
pub async fn start<S: Store>(
    app: &App<S>,
    user: Id<User>,
    route: &'static str,
    key: IdempotencyKey,
    body: &[u8],
) -> Result<Start, IdempotencyError> {
    let now = app.clock.now();
    let request = IdempotentRequest {
        user,
        route,
        key,
        request_hash: app.mac_keys.sign(Purpose::RequestHash, &[body]),
        locked_until: now + LOCK,
    };
    let mut tx = app.store.begin().await?;
    let is_first = tx.start_request(&request, now).await?;
    let found = if is_first {
        None
    } else {
        tx.find_request(&request).await?
    };
    tx.commit().await?;
    match found {
        None if is_first => Ok(Start::Started(request)),
        Some(StoredRequest { request_hash, .. })
            if !app.mac_keys.verify(Purpose::RequestHash, &[body], &request_hash) =>
        {
            Err(IdempotencyError::Reused)
        }
        Some(StoredRequest {
            response: Some(response),
            ..
        }) => Ok(Start::Replayed(response)),
        Some(_) | None => Err(IdempotencyError::InFlight),
    }
}

/// Releases the key of a request that failed: only successful responses are stored.
///
/// # Errors
/// The store failed. The key is then released after one minute.
pub async fn abandon<S: Store>(app: &App<S>, request: &IdempotentRequest) -> StoreResult<()> {
    let mut tx = app.store.begin().await?;
    tx.abandon_request(request).await?;
    tx.commit().await
}

/// The response that a use case stores for later requests with the same key.
#[derive(Debug)]
pub struct PendingResponse<T> {
    /// The request.
    pub request: IdempotentRequest,
    /// Renders the response for the created resource.
    pub render: fn(&T) -> String,
}

/// Stores the response in the transaction that creates the resource, so that neither is committed without the other.
pub(crate) async fn finish<S, T>(
    app: &App<S>,
    tx: &mut impl Repositories,
    response: Option<&PendingResponse<T>>,
    (id, resource): (Uuid, &T),
) -> StoreResult<()> {
    let Some(PendingResponse { request, render }) = response else {
        return Ok(());
    };
    let expires_at = app.clock.now() + RETENTION;
    if tx.finish_request(request, &render(resource), id, expires_at).await? {
        Ok(())
    } else {
        Err(StoreError::Conflict(
            "the request took so long that another request acquired its idempotency key".into(),
        ))
    }
}

/// Deletes expired responses, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_expired_requests(now, limit).await).await
}
