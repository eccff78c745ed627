//! What handlers are given.

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
    /// Whether `/docs/` and the password grant, which it needs, are there.
    pub docs: bool,
}

/// Tells whether the server can do its work.
pub trait Readiness: Send + Sync {
    /// Looks at what the server depends on. The error says in a sentence what is wrong.
    fn check(&self) -> BoxFuture<'_, Result<(), String>>;
}
