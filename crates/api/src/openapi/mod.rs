//! The OpenAPI document, made from the handlers.

mod answers;

use std::sync::LazyLock;

use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::routes::described_app;

/// The whole document, with every answer that an operation can give.
pub(crate) static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let (_, mut document) = described_app();
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
    // It does not remember who is signed in: that would leave the password in the browser's storage.
    let config = Config::default()
        .try_it_out_enabled(true)
        .validator_url("none")
        .use_base_layout();
    SwaggerUi::new("/docs/{_:.*}")
        .url("/openapi.json", DOCUMENT.clone())
        .config(config)
}
