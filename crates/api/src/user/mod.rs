//! Users, oneself among them, and their sessions.

mod list;
mod me;
mod others;
mod problem;
mod sessions;

use utoipa_actix_web::service_config::ServiceConfig;

/// Paths of oneself come first: `me` would else be taken for an identifier.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(me::get)
        .service(me::update)
        .service(me::change_password)
        .service(me::delete)
        .service(sessions::list_own)
        .service(sessions::end_others)
        .service(sessions::end)
        .service(list::list)
        .service(others::create)
        .service(others::get)
        .service(others::update)
        .service(others::delete)
        .service(others::assign_roles)
        .service(sessions::list)
        .service(sessions::end_all);
}
