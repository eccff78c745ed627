//! A service of its own: it keeps no users, and lets people in by the access tokens of Vestibule.
//!
//! `key_set` holds the public keys, `rights` what people may do, and `guard` puts the two together into
//! the one question that a handler asks: may the bearer of this request do that?

mod guard;
mod key_set;
mod orders;
mod rights;

use std::{io, net::TcpListener, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::Server,
    web::{self, Data},
};

use guard::Guard;

/// Where Vestibule is, and how long what it said is believed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where this service reaches Vestibule, without a slash at the end.
    pub accounts: String,
    /// Vestibule's public URL, which stands in its tokens.
    pub issuer: String,
    /// For whom the tokens are: Vestibule's `VESTIBULE_JWT_AUDIENCE`, or else its public URL.
    pub audience: String,
    /// How long somebody's rights are believed: what is taken away still holds here for so long.
    pub rights_ttl: Duration,
    /// How long a new key set is waited for: anybody can send a token that names an unknown key.
    pub keys_pause: Duration,
}

/// Starts the service on a socket that listens already.
///
/// # Errors
/// The socket cannot be used.
pub fn run(settings: Settings, listener: TcpListener) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        // Each worker has a guard of its own, so nothing is shared and nothing is locked.
        App::new()
            .app_data(Data::new(Guard::new(&settings)))
            .route("/orders", web::get().to(orders::list))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}
