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

/// Creates a resource, or replays the response if the user sent the same request with the same key within the last
/// 24 hours. A request without a key or without a signed-in user creates a resource each time.
pub(crate) async fn create_or_replay<T, E: Into<ApiError>>(
    app: &App,
    route: &'static str,
    (user, request_key): (Option<Id<User>>, &RequestKey),
    render: impl Fn(&T) -> Created + Send + Sync,
    create: impl AsyncFnOnce(Option<PendingResponse<'_, T>>) -> Result<T, E>,
) -> ApiResult<HttpResponse> {
    let key = match user {
        Some(user) => request_key.key()?.map(|key| (user, key)),
        None => None,
    };
    let Some((user, key)) = key else {
        let resource = create(None).await.map_err(E::into)?;
        return Ok(render(&resource).into_response());
    };
    let request = match idempotency::start(app, user, route, key, &request_key.body).await? {
        Start::Started(request) => request,
        Start::Replayed(text) => {
            let stored: Created = serde_json::from_str(&text).map_err(|error| ApiError::internal(&error))?;
            return Ok(stored.into_response());
        }
    };
    let serialize = |resource: &T| serde_json::to_string(&render(resource)).unwrap_or_default();
    let pending = PendingResponse {
        request: &request,
        render: &serialize,
    };
    match create(Some(pending)).await {
        Ok(resource) => Ok(render(&resource).into_response()),
        Err(error) => {
            idempotency::abandon(app, &request).await?;
            Err(error.into())
        }
    }
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
