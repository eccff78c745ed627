//! Users, oneself among them, and their sessions.

mod access;
mod email;
mod export;
mod list;
mod me;
mod others;
mod problem;
mod sessions;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::fallback::fallback;

/// Paths of oneself come first, and `me` with any other method ends there: it would else be taken for an
/// identifier.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(me::get)
        .service(me::update)
        .service(me::change_password)
        .service(me::delete)
        .service(export::export)
        .service(email::request_change)
        .service(email::cancel_change)
        .route("/me", web::route().to(fallback))
        .service(sessions::list_own)
        .service(sessions::end_others)
        .service(sessions::end)
        .service(list::list)
        .service(others::create)
        .service(access::explain)
        .service(others::get)
        .service(others::update)
        .service(others::delete)
        .service(others::assign_roles)
        .service(sessions::list)
        .service(sessions::end_all);
}
