//! Every route, and what is known of them all.

use std::sync::LazyLock;

use actix_web::{
    App as ActixApp, Error,
    dev::{ResourceDef, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{NormalizePath, TrailingSlash, from_fn},
    web,
};
use utoipa::openapi::{OpenApi, PathItem};
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};

use crate::{
    auth,
    extract::BodyLimit,
    fallback::fallback,
    middleware::authentication,
    openapi::{self, swagger_ui},
    role, service, user,
};

/// The largest body under `/api/auth`, which anyone may send, in bytes.
const AUTH_BODY_LIMIT: BodyLimit = BodyLimit(16 * 1024);

fn api(config: &mut ServiceConfig<'_>) {
    config
        .service(scope("/auth").app_data(AUTH_BODY_LIMIT).configure(auth::routes))
        .service(scope("/users").wrap(from_fn(authentication)).configure(user::routes))
        .service(scope("/roles").wrap(from_fn(authentication)).configure(role::routes))
        .service(
            scope("/permissions")
                .wrap(from_fn(authentication))
                .configure(role::permission_routes),
        );
}

/// The application with all its routes, and with Swagger UI if it is wanted.
pub(crate) fn actix_app(
    docs: bool,
) -> ActixApp<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>>
{
    let (app, _) = described_app();
    let app = if docs {
        app.service(web::redirect("/docs", "/docs/").permanent())
            .service(swagger_ui())
    } else {
        app
    };
    app.default_service(web::to(fallback))
}

/// The application and the document that its handlers make.
fn described_app() -> (
    ActixApp<
        impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>,
    >,
    OpenApi,
) {
    ActixApp::new()
        .into_utoipa_app()
        .openapi(openapi::base())
        .configure(service::routes)
        .service(
            scope("/api")
                .configure(api)
                .map(|api| api.wrap(NormalizePath::new(TrailingSlash::Trim))),
        )
        .split_for_parts()
}

/// The document as the handlers make it.
pub(crate) fn document() -> OpenApi {
    described_app().1
}

/// Which methods each path knows, for refusing the others.
pub(crate) struct Methods(Vec<(ResourceDef, String)>);

/// The methods of every route of the document.
pub(crate) static METHODS: LazyLock<Methods> = LazyLock::new(|| {
    let known = document().paths.paths;
    Methods(
        known
            .iter()
            .map(|(path, item)| (ResourceDef::new(path.as_str()), allowed(item)))
            .collect(),
    )
});

impl Methods {
    /// The value of `Allow` for a path that some route has.
    pub(crate) fn of(&self, path: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(route, _)| route.is_match(path))
            .map(|(_, allow)| allow.as_str())
    }
}

fn allowed(item: &PathItem) -> String {
    let methods = [
        (item.get.is_some(), "GET, HEAD"),
        (item.post.is_some(), "POST"),
        (item.put.is_some(), "PUT"),
        (item.patch.is_some(), "PATCH"),
        (item.delete.is_some(), "DELETE"),
    ];
    methods
        .into_iter()
        .filter(|(is_known, _)| *is_known)
        .map(|(_, name)| name)
        .collect::<Vec<_>>()
        .join(", ")
}
