//! Authentication and authorization of requests.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
    },
};
use vestibule_domain::{AccessClaims, Clock, Permission, SystemClock};
use vestibule_security::VerifyError;

use crate::{Settings, key_set::KeySet, permissions::PermissionCache};

/// Verifies access tokens and checks permissions.
pub(crate) struct Authorizer {
    http: awc::Client,
    keys: KeySet,
    permissions: PermissionCache,
}

/// The reason why a request was rejected.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// The token is missing, invalid or expired, or its session was revoked.
    #[error("sign in to use this resource")]
    Unauthenticated,
    #[error("the permission {0} is required")]
    Forbidden(Permission),
    /// The public keys or the permissions could not be fetched from Vestibule.
    #[error("the sign-in service is unavailable; try again later")]
    Unavailable,
}

impl ResponseError for AuthError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if matches!(self, Self::Unauthenticated) {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        response.body(self.to_string())
    }
}

impl Authorizer {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            http: awc::Client::new(),
            keys: KeySet::new(settings),
            permissions: PermissionCache::new(settings),
        }
    }

    /// Returns the claims of the request's token if its user has the permission.
    pub(crate) async fn require(
        &self,
        request: &HttpRequest,
        permission: &Permission,
    ) -> Result<AccessClaims, AuthError> {
        let token = bearer_token(request).ok_or(AuthError::Unauthenticated)?;
        let claims = self.verify(token).await?;
        let permissions = self.permissions.get(claims.session, token, &self.http).await?;
        if permissions.contains(permission) {
            Ok(claims)
        } else {
            Err(AuthError::Forbidden(permission.clone()))
        }
    }

    /// Verifies a token. If its key is unknown, it may be new, so the key set is fetched again.
    async fn verify(&self, token: &str) -> Result<AccessClaims, AuthError> {
        let now = SystemClock.now();
        let mut claims = self.keys.cached(&self.http).await?.verify(token, now);
        if claims == Err(VerifyError::UnknownKey)
            && let Some(keys) = self.keys.refreshed(&self.http).await?
        {
            claims = keys.verify(token, now);
        }
        claims.map_err(|_| AuthError::Unauthenticated)
    }
}

fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
