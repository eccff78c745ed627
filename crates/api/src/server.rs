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
    allowed_methods::AllowedMethods,
    fallback::fallback,
    head_timeout::{HEAD_TIMEOUT, KEEP_ALIVE, TimedConnection},
    middleware::{cors, request_context},
    openapi::{DOCUMENT, swagger_ui},
    routes::described_app,
};

/// The time a client has to close a connection after the server has shut it down.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The time for in-flight requests after a shutdown signal, in seconds. The whole shutdown must fit into the 30 s
/// that Kubernetes and `docker-compose.yml` allow.
const SHUTDOWN_TIMEOUT: u64 = 20;

/// Dependencies of the server.
pub struct ServerDeps {
    /// The application.
    pub app: Arc<App>,
    /// The HTTP settings.
    pub settings: HttpSettings,
    /// The readiness check behind `/health/ready`.
    pub readiness: Arc<dyn Readiness>,
    /// The observer of every response.
    pub observer: Arc<dyn Observer>,
    /// The web app served to browsers.
    pub web_app: Arc<dyn WebApp>,
}

/// Starts the server on a listening socket. The caller awaits the returned server and handles signals.
///
/// # Errors
/// Returns an error if the socket cannot be used.
pub fn run(deps: ServerDeps, listener: TcpListener, workers: usize) -> io::Result<Server> {
    let app = Data::from(deps.app);
    let methods = Data::new(AllowedMethods::new(&DOCUMENT));
    let readiness = Data::from(deps.readiness);
    let observer = Data::from(deps.observer);
    let web_app = Data::from(deps.web_app);
    let settings = Data::new(deps.settings);
    let local_addr = listener.local_addr()?;
    let builder = Server::build()
        .workers(workers)
        .shutdown_timeout(SHUTDOWN_TIMEOUT)
        .disable_signals();
    let shutdown = builder.graceful_shutdown_signal();
    // Like `HttpServer`, but with connections that time out an incomplete head of any request.
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
            .wrap(from_fn(request_context));
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

/// Registers Swagger UI if it is enabled.
fn docs(config: &mut ServiceConfig, is_enabled: bool) {
    if is_enabled {
        config
            .service(web::redirect("/docs", "/docs/").permanent())
            .service(swagger_ui());
    }
}
