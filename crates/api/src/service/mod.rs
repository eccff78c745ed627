//! Service information, health checks, settings, keys and problem pages.

mod handlers;
mod pages;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use pages::page;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::service_info)
        .service(handlers::live)
        .service(handlers::ready)
        .service(handlers::problem_page)
        .service(handlers::keys);
}

pub(crate) fn settings_routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::app_settings);
}
