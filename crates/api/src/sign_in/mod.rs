//! Sign-in, refresh and sign-out, and the other routes under `/api/auth`.

mod cookie;
mod handlers;
mod oauth;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use utoipa_actix_web::service_config::ServiceConfig;
use vestibule_domain::{REFRESH_TOKEN_BYTES, RefreshToken};

use crate::{account, email_verification, password_reset};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::login)
        .service(oauth::request_token)
        .service(handlers::refresh)
        .service(handlers::logout)
        .service(password_reset::request)
        .service(email_verification::resend)
        .service(password_reset::complete)
        .service(email_verification::verify)
        .service(account::confirm_email_change);
}

/// Encodes a refresh token as text.
fn encode_refresh_token(token: &RefreshToken) -> String {
    URL_SAFE_NO_PAD.encode(token.to_bytes())
}

/// Decodes a refresh token; `None` if the text cannot be one.
fn decode_refresh_token(text: &str) -> Option<RefreshToken> {
    let bytes: [u8; REFRESH_TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    Some(RefreshToken::from_bytes(&bytes))
}
