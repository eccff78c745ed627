//! Who may do what here.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
    },
};
use vestibule_domain::{AccessClaims, Clock, Permission, SystemClock};
use vestibule_security::VerifyError;

use crate::{Settings, key_set::KeySet, rights::Rights};

/// Verifies tokens and asks for rights.
pub(crate) struct Guard {
    http: awc::Client,
    keys: KeySet,
    rights: Rights,
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The token is missing, bad, expired or of a session that was ended.
    #[error("sign in")]
    Unauthenticated,
    /// A permission is missing.
    #[error("this needs the permission {0}")]
    Forbidden(Permission),
    /// Vestibule cannot be asked.
    #[error("the accounts cannot be asked now")]
    Unavailable,
}

impl ResponseError for Refusal {
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

impl Guard {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            http: awc::Client::new(),
            keys: KeySet::new(settings),
            rights: Rights::new(settings),
        }
    }

    /// Says who sends the request, if that one has the permission.
    pub(crate) async fn permit(&self, request: &HttpRequest, permission: &Permission) -> Result<AccessClaims, Refusal> {
        let token = bearer(request).ok_or(Refusal::Unauthenticated)?;
        let claims = self.verify(token).await?;
        let permissions = self.rights.of(claims.session, token, &self.http).await?;
        if permissions.contains(permission) {
            Ok(claims)
        } else {
            Err(Refusal::Forbidden(permission.clone()))
        }
    }

    /// A token by an unknown key may be by a new one: then the key set is fetched again.
    async fn verify(&self, token: &str) -> Result<AccessClaims, Refusal> {
        let now = SystemClock.now();
        let mut verified = self.keys.known(&self.http).await?.verify(token, now);
        if verified == Err(VerifyError::UnknownKey)
            && let Some(keys) = self.keys.renewed(&self.http).await?
        {
            verified = keys.verify(token, now);
        }
        verified.map_err(|_| Refusal::Unauthenticated)
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
