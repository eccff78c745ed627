//! Every route.

use actix_web::{
    App, Error,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{NormalizePath, TrailingSlash, from_fn},
};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};

use crate::{about::about, audit, auth, extract::BodyLimit, middleware::authentication, role, service, setup, user};

/// The largest body of sign-in and setup, which anyone may send, in bytes.
const AUTH_BODY_LIMIT: BodyLimit = BodyLimit(16 * 1024);

fn api(config: &mut ServiceConfig<'_>) {
    config
        .service(scope("/settings").configure(service::settings_routes))
        .service(scope("/setup").app_data(AUTH_BODY_LIMIT).configure(setup::routes))
        .service(scope("/auth").app_data(AUTH_BODY_LIMIT).configure(auth::routes))
        .service(scope("/users").wrap(from_fn(authentication)).configure(user::routes))
        .service(
            scope("/audit-events")
                .wrap(from_fn(authentication))
                .configure(audit::routes),
        )
        .service(scope("/roles").wrap(from_fn(authentication)).configure(role::routes))
        .service(
            scope("/permissions")
                .wrap(from_fn(authentication))
                .configure(role::permission_routes),
        );
}

/// The application and the document that its handlers make.
pub(crate) fn described_app() -> (
    App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>>,
    OpenApi,
) {
    App::new()
        .into_utoipa_app()
        .openapi(about())
        .configure(service::routes)
        .service(
            scope("/api")
                .configure(api)
                .map(|api| api.wrap(NormalizePath::new(TrailingSlash::Trim))),
        )
        .split_for_parts()
}
