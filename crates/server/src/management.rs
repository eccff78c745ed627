//! The management address: metrics and health, for machines that watch and never for the public.

use std::{io, net::TcpListener, sync::Arc};

use actix_web::{
    App as ActixApp, HttpResponse, HttpServer,
    dev::Server,
    web::{self, Data},
};
use vestibule_api::{App, Readiness};
use vestibule_security::HashPool;

use crate::metrics::Metrics;

const PLAIN: &str = "text/plain; charset=utf-8";

/// What the management address tells about.
pub(crate) struct Managed {
    pub(crate) app: Arc<App>,
    pub(crate) hasher: Arc<HashPool>,
    pub(crate) metrics: Metrics,
    pub(crate) readiness: Arc<dyn Readiness>,
}

/// Starts to answer on a socket that listens already.
pub(crate) fn run(managed: Managed, listener: TcpListener) -> io::Result<Server> {
    let managed = Data::new(managed);
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(managed.clone())
            .route("/metrics", web::get().to(metrics))
            .route("/health/live", web::get().to(live))
            .route("/health/ready", web::get().to(ready))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn metrics(managed: Data<Managed>) -> HttpResponse {
    match managed.metrics.text(&managed.app, &managed.hasher).await {
        Ok(text) => HttpResponse::Ok().content_type(prometheus::TEXT_FORMAT).body(text),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

async fn live() -> &'static str {
    "ok\n"
}

async fn ready(managed: Data<Managed>) -> HttpResponse {
    match managed.readiness.check().await {
        Ok(()) => HttpResponse::Ok().content_type(PLAIN).body("ok\n"),
        Err(reason) => HttpResponse::ServiceUnavailable()
            .content_type(PLAIN)
            .body(reason + "\n"),
    }
}
