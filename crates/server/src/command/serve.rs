//! `serve`.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::dev::ServerHandle;
use tokio::time::timeout;
use vestibule_api::{HttpSettings, ServerDeps};

use super::setup;
use crate::{
    CommandError, StartupError,
    bootstrap::{self, Components},
    config::{Config, Management},
    error::with_causes,
    management::{self, ManagementState},
    metrics::Metrics,
    readiness::DatabaseReadiness,
    shutdown::{ShutdownOutcome, Signals, run_until_signal},
    web_app::EmbeddedWebApp,
    workers::Workers,
};

/// The maximum time for the management server to stop.
const MANAGEMENT_STOP_TIMEOUT: Duration = Duration::from_secs(1);
/// The maximum time for the database connections to close.
const DATABASE_CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn run(config: &Config) -> Result<(), CommandError> {
    let mut signals = Signals::listen()?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let Components { app, hasher, jwks } = tokio::select! {
        started = bootstrap::start(config) => started?,
        signal = signals.next() => {
            tracing::info!(signal, "stopped during startup");
            return Ok(());
        }
    };
    let readiness = Arc::new(DatabaseReadiness::new(app.store.clone()));
    let app = Arc::new(app);
    let mailer = bootstrap::mailer(config)?;
    let setup_token = setup::prepare(&app, config).await?;
    let metrics = Metrics::new().map_err(|error| CommandError::Failed("cannot create the metrics", error.into()))?;
    let deps = ServerDeps {
        app: Arc::clone(&app),
        settings: settings(config, jwks),
        readiness: Arc::<DatabaseReadiness>::clone(&readiness),
        observer: metrics.requests(),
        web_app: Arc::new(EmbeddedWebApp),
    };
    let (listener, addr) = listen(config.http.addr)?;
    let server = vestibule_api::run(deps, listener, config.http.workers)?;
    let mail_metrics = metrics.mail();
    let management_state = ManagementState {
        app: Arc::clone(&app),
        hasher,
        metrics,
        readiness,
    };
    let management = start_management(config.http.management, management_state)?;
    log_addresses(config, addr);
    if let Some((_, addr)) = &management {
        tracing::info!("metrics at http://{addr}/metrics");
    }
    if let Some(token) = setup_token {
        setup::print_link(&token, config);
    }
    let workers = Workers::start(&app, mailer, mail_metrics);
    let outcome = run_until_signal(server, signals).await?;
    workers.stop().await;
    if let Some((management, _)) = management {
        let _ = timeout(MANAGEMENT_STOP_TIMEOUT, management.stop(false)).await;
    }
    let _ = timeout(DATABASE_CLOSE_TIMEOUT, app.store.close()).await;
    match outcome {
        ShutdownOutcome::Drained => {
            tracing::info!("stopped");
            Ok(())
        }
        ShutdownOutcome::Aborted => Err(CommandError::Aborted),
    }
}

/// Starts the management server unless it is disabled. If its default address is in use, logs a warning and continues
/// without it; a configured address in use is an error.
fn start_management(
    management: Option<Management>,
    state: ManagementState,
) -> Result<Option<(ServerHandle, SocketAddr)>, CommandError> {
    let Some(Management { addr, is_configured }) = management else {
        return Ok(None);
    };
    let (listener, addr) = match listen(addr) {
        Ok(bound) => bound,
        Err(error) if is_configured => return Err(error.into()),
        Err(error) => {
            tracing::warn!(
                "metrics are not available: {}; set VESTIBULE_MANAGEMENT_ADDR to a free address, or to `off`",
                with_causes(&error)
            );
            return Ok(None);
        }
    };
    let server = management::run(state, listener)?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some((handle, addr)))
}

fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), StartupError> {
    let bound = TcpListener::bind(addr).and_then(|listener| {
        let addr = listener.local_addr()?;
        Ok((listener, addr))
    });
    bound.map_err(|error| StartupError::Listen(addr, error))
}

fn settings(config: &Config, jwks: String) -> HttpSettings {
    let http = &config.http;
    HttpSettings {
        public_url: http.public_url.as_str().to_owned(),
        cors_origins: http.cors_origins.clone(),
        jwks,
        hsts: http.hsts.clone(),
        trusted_proxies: http.trusted_proxies.clone(),
        mail: config.mail.url.sends(),
        docs: http.docs,
    }
}

/// Logs the addresses of the server, the documentation, the database and the mail server. On a loopback address, the
/// documentation is linked there and not at the public URL, which may have a different port.
fn log_addresses(config: &Config, addr: SocketAddr) {
    let local_url = format!("http://{addr}");
    let url = if addr.ip().is_loopback() {
        local_url.as_str()
    } else {
        config.http.public_url.as_str()
    };
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "listening on {local_url}");
    if config.http.docs {
        tracing::info!("API documentation at {url}/docs/");
    }
    tracing::info!("database {}", config.database.redacted());
    tracing::info!("mail via {}", config.mail.url);
}
