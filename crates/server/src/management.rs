//! The management address: metrics and health checks for monitoring. It must not be public.

use std::{io, net::TcpListener, sync::Arc};

use actix_web::{
    App as ActixApp, HttpResponse, HttpServer,
    dev::Server,
    web::{self, Data},
};
use vestibule_api::{App, Readiness};
use vestibule_security::HashPool;

use crate::metrics::Metrics;

const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

/// The state that the management address reports.
pub(crate) struct ManagementState {
    pub(crate) app: Arc<App>,
    pub(crate) hasher: Arc<HashPool>,
    pub(crate) metrics: Metrics,
    pub(crate) readiness: Arc<dyn Readiness>,
}

/// Starts the management server on a bound listener.
pub(crate) fn run(state: ManagementState, listener: TcpListener) -> io::Result<Server> {
    let state = Data::new(state);
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(state.clone())
            .route("/metrics", web::get().to(metrics))
            .route("/health/live", web::get().to(live))
            .route("/health/ready", web::get().to(ready))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn metrics(state: Data<ManagementState>) -> HttpResponse {
    match state.metrics.encode(&state.app, &state.hasher).await {
        Ok(text) => HttpResponse::Ok().content_type(prometheus::TEXT_FORMAT).body(text),
        Err(error) => {
            tracing::error!(%error, "cannot encode the metrics");
            HttpResponse::InternalServerError().finish()
        }
    }
}

async fn live() -> &'static str {
    "ok\n"
}

async fn ready(state: Data<ManagementState>) -> HttpResponse {
    match state.readiness.check().await {
        Ok(()) => HttpResponse::Ok().content_type(PLAIN_TEXT).body("ok\n"),
        Err(reason) => HttpResponse::ServiceUnavailable()
            .content_type(PLAIN_TEXT)
            .body(reason + "\n"),
    }
}
