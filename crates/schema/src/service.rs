//! What the service says about itself.

use serde::Serialize;
use utoipa::ToSchema;

/// A greeting, and where to go from here.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "message": "Hello World", "name": "vestibule", "version": "0.1.0", "docs": "/docs/", "openapi": "/openapi.json"
}))]
pub struct WelcomeResponse {
    /// A greeting.
    pub message: &'static str,
    /// The name of the program.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The path of Swagger UI.
    pub docs: &'static str,
    /// The path of this document.
    pub openapi: &'static str,
}

/// Whether the service is well.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "status": "ok" }))]
pub struct HealthResponse {
    /// Always `ok`: another answer has another status.
    pub status: &'static str,
}
