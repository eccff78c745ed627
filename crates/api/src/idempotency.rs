//! Replaying the response to a repeated request with the same `Idempotency-Key`.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use vestibule_domain::{
    Id, User, Version,
    idempotency::{self, IdempotencyError, PendingResponse, Start},
};
use vestibule_schema::Code;

use crate::{
    App,
    extract::RequestKey,
    problem::{ApiError, ApiResult},
    response,
};

/// The stored response to a request that created a resource.
#[derive(Serialize, Deserialize)]
pub(crate) struct Created {
    location: String,
    version: u32,
    body: Box<RawValue>,
}

impl Created {
    pub(crate) fn new(location: String, version: Version, body: impl Serialize) -> Self {
        Self {
            location,
            version: version.get(),
            body: to_raw_value(&body).unwrap_or_default(),
        }
    }

    fn into_response(self) -> HttpResponse {
        response::created(self.location, Version::new(self.version), self.body)
    }
}

/// A request to create a `T`.
pub(crate) enum Creation<T> {
    /// To be executed. The use case stores the response, if the request has a key.
    Started(Option<PendingResponse<T>>),
    /// Executed before, with this response.
    Replayed(HttpResponse),
}

/// Starts a request that creates a `T`. It is replayed if the user sent the same request with the same key within the
/// last 24 hours. A request without a key or without a signed-in user creates a resource each time.
pub(crate) async fn start<T>(
    app: &App,
    route: &'static str,
    user: Option<Id<User>>,
    key: &RequestKey,
) -> ApiResult<Creation<T>>
where
    Created: for<'a> From<&'a T>,
{
    let Some(user) = user else {
        return Ok(Creation::Started(None));
    };
    let Some(name) = key.key()? else {
        return Ok(Creation::Started(None));
    };
    match idempotency::start(app, user, route, name, &key.body).await? {
        Start::Started(request) => Ok(Creation::Started(Some(PendingResponse { request, render }))),
        Start::Replayed(text) => {
            let stored: Created = serde_json::from_str(&text).map_err(|error| ApiError::internal(&error))?;
            Ok(Creation::Replayed(stored.into_response()))
        }
    }
}

/// Returns the response to a started request. Releases the key if the request failed.
pub(crate) async fn respond<T, E>(
    app: &App,
    pending: Option<PendingResponse<T>>,
    created: Result<T, E>,
) -> ApiResult<HttpResponse>
where
    Created: for<'a> From<&'a T>,
    ApiError: From<E>,
{
    match (created, pending) {
        (Ok(resource), _) => Ok(Created::from(&resource).into_response()),
        (Err(error), None) => Err(error.into()),
        (Err(error), Some(pending)) => {
            idempotency::abandon(app, &pending.request).await?;
            Err(error.into())
        }
    }
}

fn render<T>(resource: &T) -> String
where
    Created: for<'a> From<&'a T>,
{
    serde_json::to_string(&Created::from(resource)).unwrap_or_default()
}

impl From<IdempotencyError> for ApiError {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::Reused => Self::new(Code::IdempotencyKeyReused),
            IdempotencyError::InFlight => Self::new(Code::IdempotencyKeyInUse),
            IdempotencyError::Store(error) => error.into(),
        }
    }
}
