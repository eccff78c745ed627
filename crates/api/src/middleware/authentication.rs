//! Authentication of requests, before the extractors of the handler run.

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
    extract::{AuthResult, bearer},
    problem::ApiError,
};

/// Authenticates the request and stores the result in it. The extractors of the handler decide whether an error
/// matters.
pub(crate) async fn authentication(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let result = authenticate(request.request()).await;
    request.extensions_mut().insert(result);
    next.call(request).await
}

/// Authenticates a request by its bearer token.
pub(crate) async fn authenticate(request: &HttpRequest) -> AuthResult {
    let token = match bearer(request.headers()) {
        Ok(Some(token)) => token,
        Ok(None) => return Err(ApiError::new(Code::Unauthenticated)),
        Err(()) => return Err(ApiError::invalid_token(Code::Unauthenticated)),
    };
    let Some(app) = request.app_data::<Data<App>>() else {
        return Err(ApiError::new(Code::Internal));
    };
    authentication::authenticate(app, token)
        .await
        .map_err(|error| to_api_error(error, request.match_info().as_str()))
}

fn to_api_error(error: AuthenticationError, path: &str) -> ApiError {
    match error {
        AuthenticationError::Expired => ApiError::invalid_token(Code::TokenExpired),
        AuthenticationError::Revoked => ApiError::invalid_token(Code::SessionRevoked),
        // The routes of the current user return 404 for a deleted user, like other routes for a missing resource.
        AuthenticationError::UserDeleted if is_current_user_route(path) => ApiError::new(Code::UserNotFound),
        AuthenticationError::UserDeleted | AuthenticationError::Invalid => {
            ApiError::invalid_token(Code::Unauthenticated)
        }
        AuthenticationError::Store(error) => error.into(),
    }
}

/// Returns whether a path is `/api/users/me` or below it.
pub(crate) fn is_current_user_route(path: &str) -> bool {
    path.strip_prefix("/api/users/me")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
