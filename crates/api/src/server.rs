//! The HTTP server.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_http::{HttpService, Protocol, error::DispatchError};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    dev::AppConfig,
    middleware::from_fn,
    rt::net::TcpStream,
    web::{self, Data, ServiceConfig},
};

use crate::{
    App, HttpSettings, Observer, Readiness, WebApp,
    fallback::fallback,
    head_timeout::{HEAD_TIMEOUT, KEEP_ALIVE, TimedConnection},
    methods::Methods,
    middleware::{cors, envelope},
    openapi::{DOCUMENT, swagger_ui},
    routes::described_app,
};

/// How long a connection may take to close once the server has ended it.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long requests under way may take once the server is told to stop, in seconds. With what follows it has to be
/// less than the 30 s that Kubernetes and `docker-compose.yml` give.
const SHUTDOWN_TIMEOUT: u64 = 20;

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
    let local_addr = listener.local_addr()?;
    let builder = Server::build()
        .workers(workers)
        .shutdown_timeout(SHUTDOWN_TIMEOUT)
        .disable_signals();
    let shutdown = builder.graceful_shutdown_signal();
    // As `HttpServer` does it, but with connections that time the head of every request.
    let builder = builder.listen("api", listener, move || {
        let (actix_app, _) = described_app();
        let actix_app = actix_app
            .configure(|config| docs(config, settings.docs))
            .default_service(web::to(fallback))
            .app_data(app.clone())
            .app_data(methods.clone())
            .app_data(readiness.clone())
            .app_data(observer.clone())
            .app_data(web_app.clone())
            .app_data(settings.clone())
            .wrap(cors(&settings))
            .wrap(from_fn(envelope));
        let shutdown = shutdown.clone();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let shutdown = shutdown.clone();
                async move { shutdown.notified().await }
            })
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIMEOUT)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .local_addr(local_addr)
            .on_connect_ext(|connection: &TimedConnection<TcpStream>, data| {
                data.insert(connection.state());
            })
            .finish(map_config(
                actix_app
                    .into_factory()
                    .map_err(|error: actix_web::Error| error.error_response()),
                |()| AppConfig::default(),
            ));
        fn_service(|stream: TcpStream| async move {
            let peer = stream.peer_addr().ok();
            Ok::<_, DispatchError>((TimedConnection::new(stream), Protocol::Http1, peer))
        })
        .and_then(http)
    })?;
    Ok(builder.run())
}

/// Swagger UI, if it is wanted.
fn docs(config: &mut ServiceConfig, wanted: bool) {
    if wanted {
        config
            .service(web::redirect("/docs", "/docs/").permanent())
            .service(swagger_ui());
    }
}
