//! What the OpenAPI document says besides its operations.

use utoipa::{
    OpenApi as _,
    openapi::{
        OpenApi,
        security::{Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityScheme},
    },
};

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
        (name = "audit", description = "Who did what"),
        (name = "service", description = "The service itself")
    )
)]
struct About;

/// The document without operations.
pub(crate) fn about() -> OpenApi {
    let mut document = About::openapi();
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
