//! All routes.

use actix_web::{
    App, Error,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{NormalizePath, TrailingSlash, from_fn},
};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};

use crate::{
    account, audit, extract::BodyLimit, middleware::authentication, openapi::base_document, roles, service, setup,
    sign_in, users,
};

/// The maximum body size of sign-in and setup, which need no authentication, in bytes.
const AUTH_BODY_LIMIT: BodyLimit = BodyLimit(16 * 1024);

fn api(config: &mut ServiceConfig<'_>) {
    config
        .service(scope("/settings").configure(service::settings_routes))
        .service(scope("/setup").app_data(AUTH_BODY_LIMIT).configure(setup::routes))
        .service(scope("/auth").app_data(AUTH_BODY_LIMIT).configure(sign_in::routes))
        .service(
            scope("/users")
                .wrap(from_fn(authentication))
                // `/me` has to match before `/{user_id}`.
                .configure(account::routes)
                .configure(users::routes),
        )
        .service(
            scope("/audit-events")
                .wrap(from_fn(authentication))
                .configure(audit::routes),
        )
        .service(scope("/roles").wrap(from_fn(authentication)).configure(roles::routes))
        .service(
            scope("/permissions")
                .wrap(from_fn(authentication))
                .configure(roles::permission_routes),
        );
}

/// Returns the actix application and the OpenAPI document generated from its handlers.
pub(crate) fn described_app() -> (
    App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>>,
    OpenApi,
) {
    App::new()
        .into_utoipa_app()
        .openapi(base_document())
        .configure(service::routes)
        .service(
            scope("/api")
                .configure(api)
                .map(|api| api.wrap(NormalizePath::new(TrailingSlash::Trim))),
        )
        .split_for_parts()
}
