//! The web app in the binary.

use rust_embed::{EmbeddedFile, RustEmbed};
use vestibule_api::{WebApp, WebFile};

/// What the build of the app left. Release builds hold it; debug builds read it from the disk, so that the app can be
/// built anew without building the server. Where it was not built there is nothing, and the server says how to.
#[derive(RustEmbed)]
#[folder = "../../web/app/dist"]
#[allow_missing = true]
struct Dist;

/// The files of the web app.
pub(crate) struct BuiltApp;

impl WebApp for BuiltApp {
    fn file(&self, path: &str) -> Option<WebFile> {
        let EmbeddedFile { data, metadata } = Dist::get(path)?;
        Some(WebFile {
            content: data,
            digest: metadata.sha256_hash(),
        })
    }
}
