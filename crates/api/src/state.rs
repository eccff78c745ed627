//! What handlers are given.

use std::{borrow::Cow, time::Duration};

use ipnet::IpNet;
use vestibule_domain::BoxFuture;
use vestibule_persistence::SeaStore;

/// The application. The routes of actix take no type parameter, so here the store has a name.
pub type App = vestibule_domain::App<SeaStore>;

/// How the API shows itself.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The address under which clients reach it, without a slash at the end.
    pub public_url: String,
    /// The origins, besides the public one, whose pages may call it.
    pub cors_origins: Vec<String>,
    /// The public keys of access tokens, as a JSON Web Key set.
    pub jwks: String,
    /// The networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether mail leaves the server, so that links reach people.
    pub mail: bool,
    /// Whether `/docs/` and the password grant, which it needs, are there.
    pub docs: bool,
}

/// Tells whether the server can do its work.
pub trait Readiness: Send + Sync {
    /// Looks at what the server depends on. The error says in a sentence what is wrong.
    fn check(&self) -> BoxFuture<'_, Result<(), String>>;
}

/// Is told of every request that was answered.
pub trait Observer: Send + Sync {
    /// Takes note of one. It is called on the thread that answers requests, so it must not wait.
    fn answered(&self, answered: &Answered<'_>);
}

/// A request that was answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// Its method.
    pub method: &'a str,
    /// The route, such as `/api/users/{user_id}`; `None` when there is no such route.
    pub route: Option<&'a str>,
    /// The status of the answer.
    pub status: u16,
    /// How long it took until the answer began.
    pub duration: Duration,
}

/// The files of the web app, as its build left them. Beside a file may stand the same compressed, with `.br` or
/// `.gz` at the end of its name.
pub trait WebApp: Send + Sync {
    /// Gives a file by its path, which has no slash at the beginning: `assets/index-Cx1a.js`.
    fn file(&self, path: &str) -> Option<WebFile>;
}

/// A file of the web app.
#[derive(Debug, Clone)]
pub struct WebFile {
    /// What is in it.
    pub content: Cow<'static, [u8]>,
    /// The SHA-256 of that.
    pub digest: [u8; 32],
}
