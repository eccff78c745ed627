//! Signing in and out, and the links that are mailed.

mod cookie;
mod handlers;
mod links;
mod oauth;
mod origin;
mod problem;
mod refresh_token;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::login)
        .service(oauth::request_token)
        .service(handlers::refresh)
        .service(handlers::logout)
        .service(links::request_reset)
        .service(links::resend_verification)
        .service(links::reset_password)
        .service(links::verify_email)
        .service(links::confirm_email_change);
}
