//! Signing in and out.

mod cookie;
mod handlers;
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
        .service(handlers::logout);
}
