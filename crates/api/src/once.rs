//! Answering the same request again with the same answer.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use vestibule_domain::{
    Id, User, Version,
    idempotency::{self, IdempotencyError, PendingResponse, Start},
};
use vestibule_schema::Code;

use crate::{
    App, answer,
    extract::Key,
    problem::{ApiError, ApiResult},
};

/// What is told of something that was made.
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

    fn answer(self) -> HttpResponse {
        answer::created(self.location, Version::new(self.version), self.body)
    }
}

/// Makes something and tells of it: once for each key of a user, who gets the same answer for 24 hours.
/// Whoever is not signed in, or gives no key, makes something each time.
pub(crate) async fn make_once<T, E: Into<ApiError>>(
    app: &App,
    place: &'static str,
    (user, key): (Option<Id<User>>, &Key),
    tell: impl Fn(&T) -> Created + Send + Sync,
    make: impl AsyncFnOnce(Option<PendingResponse<'_, T>>) -> Result<T, E>,
) -> ApiResult<HttpResponse> {
    let name = match user {
        Some(user) => key.name()?.map(|name| (user, name)),
        None => None,
    };
    let Some((user, name)) = name else {
        let made = make(None).await.map_err(E::into)?;
        return Ok(tell(&made).answer());
    };
    let claim = match idempotency::start(app, user, place, name, &key.bytes).await? {
        Start::Started(claim) => claim,
        Start::Replayed(text) => {
            let kept: Created = serde_json::from_str(&text).map_err(|error| ApiError::internal(&error))?;
            return Ok(kept.answer());
        }
    };
    let answer = |made: &T| serde_json::to_string(&tell(made)).unwrap_or_default();
    let keep = PendingResponse {
        request: &claim,
        render: &answer,
    };
    match make(Some(keep)).await {
        Ok(made) => Ok(tell(&made).answer()),
        Err(error) => {
            idempotency::abandon(app, &claim).await?;
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
