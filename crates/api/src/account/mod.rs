//! The account of the current user: profile, password, email, deletion, export and sessions.

mod email;
mod export;
mod profile;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use email::confirm_email_change;

use crate::{factors, fallback::fallback, sessions};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(profile::get)
        .service(profile::update)
        .service(profile::change_password)
        .service(profile::delete)
        .service(export::export)
        .service(email::request_change)
        .service(email::cancel_change)
        // Without this, other methods would match `/{user_id}` with `me` as the identifier.
        .route("/me", web::route().to(fallback))
        .configure(factors::own_routes)
        .service(sessions::list_own)
        .service(sessions::revoke_others)
        .service(sessions::revoke);
}
