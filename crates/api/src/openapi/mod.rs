//! The OpenAPI document, generated from the handlers.

mod info;
mod responses;

use std::sync::LazyLock;

use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

pub(crate) use info::base_document;

use crate::routes::described_app;

/// The complete document, with every response of every operation.
pub(crate) static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let (_, mut document) = described_app();
    responses::complete(&mut document);
    document
});

/// Returns the OpenAPI 3.1 document as JSON.
///
/// # Panics
/// Panics if the document cannot be serialized, which a test rules out.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "the document is the same in every process, and a test serializes it"
)]
pub fn openapi_json() -> String {
    DOCUMENT.to_pretty_json().expect("JSON")
}

/// Returns the service for Swagger UI and `/openapi.json`.
pub(crate) fn swagger_ui() -> SwaggerUi {
    // `persist_authorization` stays off, because it would leave the password in the storage of the browser.
    let config = Config::default()
        .try_it_out_enabled(true)
        .validator_url("none")
        .use_base_layout();
    SwaggerUi::new("/docs/{_:.*}")
        .url("/openapi.json", DOCUMENT.clone())
        .config(config)
}
