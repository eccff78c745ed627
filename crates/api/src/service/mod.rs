//! Service information, health checks, settings, problem pages and well-known URIs.

mod handlers;
mod pages;
mod well_known;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use pages::page;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::service_info)
        .service(handlers::live)
        .service(handlers::ready)
        .service(handlers::problem_page)
        .service(well_known::keys)
        .service(well_known::passkey_endpoints)
        .service(well_known::related_origins)
        .service(well_known::change_password);
}

pub(crate) fn settings_routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::app_settings);
}
