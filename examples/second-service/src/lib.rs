//! A standalone service that stores no users and authorizes requests by the access tokens of Vestibule.
//!
//! `key_set` caches the public keys and `permissions` the permissions of users. `auth` combines them into the
//! check that a handler runs: does the user of this request have that permission?

mod auth;
mod key_set;
mod orders;
mod permissions;

use std::{io, net::TcpListener, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::Server,
    web::{self, Data},
};

use auth::Authorizer;

/// The URLs of Vestibule and the lifetimes of cached responses.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The URL at which this service reaches Vestibule, without a trailing slash.
    pub vestibule_url: String,
    /// The issuer of the tokens: Vestibule's public URL.
    pub issuer: String,
    /// The audience of the tokens: Vestibule's `VESTIBULE_JWT_AUDIENCE`, or its public URL if that is not set.
    pub audience: String,
    /// The lifetime of cached permissions. A revoked permission remains effective here for up to this time.
    pub permissions_ttl: Duration,
    /// The minimum time between two fetches of the key set. It limits the requests that a client can cause with
    /// tokens that name unknown keys.
    pub min_key_refresh_interval: Duration,
}

/// Starts the service on a listening socket.
///
/// # Errors
/// The socket cannot be used.
pub fn run(settings: Settings, listener: TcpListener) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        // Each worker has its own authorizer, so no state is shared between threads and no locks are needed.
        App::new()
            .app_data(Data::new(Authorizer::new(&settings)))
            .route("/orders", web::get().to(orders::list))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}
