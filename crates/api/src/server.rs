//! The HTTP server.

use std::{
    io,
    net::TcpListener,
    sync::{Arc, LazyLock},
    time::Duration,
};

use actix_web::{HttpServer, dev::Server, middleware::from_fn, web::Data};

use crate::{
    App, HttpSettings, Readiness,
    middleware::{cors, envelope},
    routes,
};

/// How long a client may take to send the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long requests under way may take once the server is told to stop, in seconds.
const SHUTDOWN_TIMEOUT: u64 = 30;

/// Starts the server on a socket that listens already, with so many workers. The caller awaits it and
/// handles signals.
///
/// # Errors
/// The socket cannot be used.
pub fn run(
    app: Arc<App>,
    settings: HttpSettings,
    readiness: Arc<dyn Readiness>,
    listener: TcpListener,
    workers: usize,
) -> io::Result<Server> {
    // Made once, before the first request.
    LazyLock::force(&routes::METHODS);
    let app = Data::from(app);
    let settings = Data::new(settings);
    let readiness = Data::from(readiness);
    let server = HttpServer::new(move || {
        routes::actix_app(settings.docs)
            .app_data(app.clone())
            .app_data(settings.clone())
            .app_data(readiness.clone())
            .wrap(cors(&settings))
            .wrap(from_fn(envelope))
    });
    let server = server
        .workers(workers)
        .client_request_timeout(HEADER_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(SHUTDOWN_TIMEOUT)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}
