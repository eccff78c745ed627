//! The general part of the OpenAPI document: title, description, tags and security schemes.

use utoipa::{
    OpenApi as _,
    openapi::{
        OpenApi,
        security::{Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityScheme},
    },
};
use vestibule_schema::{ActionName, ActorKindName, EmailKindName, TargetKindName};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Vestibule",
        description = "Users, roles and sign-in.\n\nTo try the API, create an account with `POST /api/users`, then sign in with **Authorize**, using the account's email address and password. Errors are problem details (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    // Referenced by handwritten schemas.
    components(schemas(ActionName, ActorKindName, EmailKindName, TargetKindName)),
    servers((url = "/", description = "The server of this document")),
    tags(
        (name = "auth", description = "Sign-in, sign-out and email links"),
        (name = "me", description = "The current user"),
        (name = "users", description = "Any user"),
        (name = "roles", description = "Roles and permissions"),
        (name = "audit", description = "The audit log"),
        (name = "service", description = "The service itself")
    )
)]
struct Info;

/// Returns the document without operations.
pub(crate) fn base_document() -> OpenApi {
    let mut document = Info::openapi();
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
