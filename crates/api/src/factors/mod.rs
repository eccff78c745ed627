//! Second factors: authenticator app, recovery codes and passkeys.

mod handlers;
mod passkeys;
mod totp;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{App, fallback::fallback};

/// Adds the routes of the current user.
pub(crate) fn own_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::get_own)
        .service(totp::create)
        .service(totp::confirm)
        .service(totp::remove)
        .service(handlers::replace_recovery_codes)
        .service(passkeys::request)
        .service(passkeys::add)
        .service(passkeys::update)
        .service(passkeys::remove)
        // Without this, other methods would match `/{user_id}/factors` with `me` as the identifier.
        .route("/me/factors", web::route().to(fallback));
}

/// Adds the routes of any user.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::get).service(handlers::reset);
}

/// Returns the identifier of the relying party of passkeys.
pub(crate) fn rp_id(app: &App) -> Option<&str> {
    app.passkeys.as_ref().map(|passkeys| passkeys.rp_id())
}
