//! The web app embedded in the binary.

use rust_embed::{EmbeddedFile, RustEmbed};
use vestibule_api::{WebApp, WebFile};

/// The build output of the web app. Release builds embed it; debug builds read it from disk, so that the app can be
/// rebuilt without the server. Without build output, the server responds with instructions to build the app.
#[derive(RustEmbed)]
#[folder = "../../web/app/dist"]
#[allow_missing = true]
struct Dist;

/// The files of the web app.
pub(crate) struct EmbeddedWebApp;

impl WebApp for EmbeddedWebApp {
    fn file(&self, path: &str) -> Option<WebFile> {
        let EmbeddedFile { data, metadata } = Dist::get(path)?;
        Some(WebFile {
            content: data,
            digest: metadata.sha256_hash(),
        })
    }
}
