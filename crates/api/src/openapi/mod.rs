//! The OpenAPI document, made from the handlers.

mod answers;

use std::sync::LazyLock;

use utoipa::{
    OpenApi as _,
    openapi::{
        OpenApi,
        security::{Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::routes;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Vestibule",
        description = "Users, roles and sign-in.\n\nTo try it: `POST /api/users` makes an account, and **Authorize** signs in with its address and password. What goes wrong is told as problem details (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "auth", description = "Signing in and out"),
        (name = "me", description = "Oneself"),
        (name = "users", description = "Any user"),
        (name = "roles", description = "Roles and permissions"),
        (name = "service", description = "The service itself")
    )
)]
struct Base;

/// What the document says besides its operations.
pub(crate) fn base() -> OpenApi {
    let mut document = Base::openapi();
    let components = document.components.get_or_insert_default();
    let flow = Flow::Password(Password::new("/api/auth/token", Scopes::new()));
    components.add_security_scheme("password", SecurityScheme::OAuth2(OAuth2::new([flow])));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    document
}

/// The whole document, with every answer that an operation can give.
static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let mut document = routes::document();
    answers::complete(&mut document);
    document
});

/// The OpenAPI 3.1 document as JSON.
///
/// # Panics
/// Never: the document holds nothing that JSON cannot say.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "the document is the same in every process, and a test makes it"
)]
pub fn openapi_json() -> String {
    DOCUMENT.to_pretty_json().expect("JSON")
}

/// Swagger UI, which also serves the document.
pub(crate) fn swagger_ui() -> SwaggerUi {
    let config = Config::default()
        .persist_authorization(true)
        .try_it_out_enabled(true)
        .validator_url("none")
        .use_base_layout();
    SwaggerUi::new("/docs/{_:.*}")
        .url("/openapi.json", DOCUMENT.clone())
        .config(config)
}
