//! Dependencies and settings of the server, and the ports that its binary implements.

use std::{borrow::Cow, time::Duration};

use ipnet::IpNet;
use vestibule_domain::BoxFuture;
use vestibule_persistence::SeaStore;

/// The application with its concrete store, because actix routes cannot be generic.
pub type App = vestibule_domain::App<SeaStore>;

/// Settings of the HTTP server.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The URL under which clients reach the server, without a trailing slash.
    pub public_url: String,
    /// Origins, besides the public URL, whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// The public keys of access tokens, as a JSON Web Key Set.
    pub jwks: String,
    /// The value of `Strict-Transport-Security` (RFC 6797), if it is sent.
    pub hsts: Option<String>,
    /// Networks of proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Email delivery is configured, so links reach users.
    pub mail: bool,
    /// `/docs/` and the password grant that it needs are enabled.
    pub docs: bool,
}

/// A check that the server is ready to handle requests.
pub trait Readiness: Send + Sync {
    /// Checks everything the server depends on. The error is a sentence that names the problem.
    fn check(&self) -> BoxFuture<'_, Result<(), String>>;
}

/// An observer of every response, for example to update metrics.
pub trait Observer: Send + Sync {
    /// Records a response. This runs on the thread that handles requests, so it must not block.
    fn on_response(&self, response: &ResponseInfo<'_>);
}

/// A response, with the method and the route of its request.
#[derive(Debug, Clone, Copy)]
pub struct ResponseInfo<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The matched route, such as `/api/users/{user_id}`; `None` if no route matched.
    pub route: Option<&'a str>,
    /// The status code of the response.
    pub status: u16,
    /// The time from the arrival of the request to the start of the response.
    pub duration: Duration,
}

/// The built files of the web app. A file may have precompressed variants, whose names end in `.br` or `.gz`.
pub trait WebApp: Send + Sync {
    /// Returns the file at a path without a leading slash, such as `assets/index-Cx1a.js`.
    fn file(&self, path: &str) -> Option<WebFile>;
}

/// A file of the web app.
#[derive(Debug, Clone)]
pub struct WebFile {
    /// The bytes of the file.
    pub content: Cow<'static, [u8]>,
    /// The SHA-256 digest of the content.
    pub digest: [u8; 32],
}
