//! Roles and permissions.

mod handlers;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::list)
        .service(handlers::create)
        .service(handlers::get)
        .service(handlers::update)
        .service(handlers::delete);
}

pub(crate) fn permission_routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::list_permissions);
}
