//! Sign-in, refresh and sign-out, and the other routes under `/api/auth`.

mod cookie;
mod documentation;
mod handlers;
mod oauth;
mod second_factor;

use actix_web::middleware::from_fn;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use utoipa_actix_web::{scope, service_config::ServiceConfig};
use vestibule_domain::{CHALLENGE_TOKEN_BYTES, ChallengeToken, REFRESH_TOKEN_BYTES, RefreshToken};

use crate::{account, email_verification, middleware::authentication, password_reset};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::login)
        .service(second_factor::prove)
        .service(second_factor::request_passkey)
        .service(second_factor::sign_in_with_passkey)
        .service(oauth::request_token)
        .service(handlers::refresh)
        .service(handlers::logout)
        .service(
            scope("/step-up")
                .wrap(from_fn(authentication))
                .configure(step_up_routes),
        )
        .service(password_reset::request)
        .service(email_verification::resend)
        .service(password_reset::complete)
        .service(email_verification::verify)
        .service(account::confirm_email_change);
}

fn step_up_routes(config: &mut ServiceConfig<'_>) {
    config.service(second_factor::step_up);
}

/// Encodes the token of a challenge as text.
pub(crate) fn encode_challenge(token: &ChallengeToken) -> String {
    URL_SAFE_NO_PAD.encode(token.to_bytes())
}

/// Decodes the token of a challenge; `None` if the text cannot be one.
fn decode_challenge(text: &str) -> Option<ChallengeToken> {
    let bytes: [u8; CHALLENGE_TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    Some(ChallengeToken::from_bytes(&bytes))
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
