//! Settling who asks, before the handler's extractors look at anything.

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};
use vestibule_domain::authentication::{self, AuthenticationError};
use vestibule_schema::Code;

use crate::{
    App,
    extract::{Outcome, bearer},
    problem::ApiError,
};

/// Authenticates the request and leaves the outcome in it. Whether the outcome matters is the
/// handler's to say.
pub(crate) async fn authentication(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let outcome = authenticate(request.request()).await;
    request.extensions_mut().insert(outcome);
    next.call(request).await
}

/// Authenticates a request by its bearer token.
pub(crate) async fn authenticate(request: &HttpRequest) -> Outcome {
    let token = match bearer(request.headers()) {
        Ok(Some(token)) => token,
        Ok(None) => return Err(ApiError::new(Code::Unauthenticated)),
        Err(()) => return Err(ApiError::bad_token(Code::Unauthenticated)),
    };
    let Some(app) = request.app_data::<Data<App>>() else {
        return Err(ApiError::new(Code::Internal));
    };
    authentication::authenticate(app, token)
        .await
        .map_err(|error| refusal(error, request.match_info().as_str()))
}

fn refusal(error: AuthenticationError, path: &str) -> ApiError {
    match error {
        AuthenticationError::Expired => ApiError::bad_token(Code::TokenExpired),
        AuthenticationError::Revoked => ApiError::bad_token(Code::SessionRevoked),
        // Who asks for itself is told that it is gone.
        AuthenticationError::UserGone if is_about_oneself(path) => ApiError::new(Code::UserNotFound),
        AuthenticationError::UserGone | AuthenticationError::Invalid => ApiError::bad_token(Code::Unauthenticated),
        AuthenticationError::Store(error) => error.into(),
    }
}

fn is_about_oneself(path: &str) -> bool {
    path.strip_prefix("/api/users/me")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
