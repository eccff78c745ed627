//! The HTTP server.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{
    HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self, Data, ServiceConfig},
};

use crate::{
    App, HttpSettings, Observer, Readiness, WebApp,
    fallback::fallback,
    methods::Methods,
    middleware::{cors, envelope},
    openapi::{DOCUMENT, swagger_ui},
    routes::described_app,
};

/// How long a client may take to send the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long requests under way may take once the server is told to stop, in seconds.
const SHUTDOWN_TIMEOUT: u64 = 30;

/// What the server is made of.
pub struct Parts {
    /// The application.
    pub app: Arc<App>,
    /// How it shows itself.
    pub settings: HttpSettings,
    /// Tells whether it can do its work.
    pub readiness: Arc<dyn Readiness>,
    /// Is told of every answer.
    pub observer: Arc<dyn Observer>,
    /// What browsers get.
    pub web_app: Arc<dyn WebApp>,
}

/// Starts the server on a socket that listens already, with so many workers. The caller awaits it and
/// handles signals.
///
/// # Errors
/// The socket cannot be used.
pub fn run(parts: Parts, listener: TcpListener, workers: usize) -> io::Result<Server> {
    let app = Data::from(parts.app);
    let methods = Data::new(Methods::new(&DOCUMENT));
    let readiness = Data::from(parts.readiness);
    let observer = Data::from(parts.observer);
    let web_app = Data::from(parts.web_app);
    let settings = Data::new(parts.settings);
    let server = HttpServer::new(move || {
        let (actix_app, _) = described_app();
        actix_app
            .configure(|config| docs(config, settings.docs))
            .default_service(web::to(fallback))
            .app_data(app.clone())
            .app_data(methods.clone())
            .app_data(readiness.clone())
            .app_data(observer.clone())
            .app_data(web_app.clone())
            .app_data(settings.clone())
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

/// Swagger UI, if it is wanted.
fn docs(config: &mut ServiceConfig, wanted: bool) {
    if wanted {
        config
            .service(web::redirect("/docs", "/docs/").permanent())
            .service(swagger_ui());
    }
}
