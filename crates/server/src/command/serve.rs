//! The server.

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
    Failure,
    config::{Config, Management},
    failure::with_causes,
    management::{self, Managed},
    metrics::Metrics,
    readiness::DatabaseReadiness,
    shutdown::{Ending, Signals, run_until_signal},
    web::BuiltApp,
    wire::{self, Wired},
    workers::Workers,
};

/// How long the management address may take to end.
const LAST_METRICS: Duration = Duration::from_secs(1);
/// How long the connections to the database may take to close.
const CLOSING: Duration = Duration::from_secs(2);

pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let Wired { app, hasher, jwks } = tokio::select! {
        started = wire::start(config) => started?,
        signal = signals.next() => {
            tracing::info!(signal, "stopped before the start was complete");
            return Ok(());
        }
    };
    let readiness = Arc::new(DatabaseReadiness::new(app.store.clone()));
    let app = Arc::new(app);
    let post = wire::post(config)?;
    let setup = setup::prepare(&app, config).await?;
    let metrics = Metrics::new().map_err(|error| Failure::Failed("measuring", error.into()))?;
    let deps = ServerDeps {
        app: Arc::clone(&app),
        settings: settings(config, jwks),
        readiness: Arc::<DatabaseReadiness>::clone(&readiness),
        observer: metrics.requests(),
        web_app: Arc::new(BuiltApp),
    };
    let (listener, addr) = listen(config.http.addr)?;
    let server = vestibule_api::run(deps, listener, config.http.workers)?;
    let mail_metrics = metrics.mail();
    let managed = Managed {
        app: Arc::clone(&app),
        hasher,
        metrics,
        readiness,
    };
    let management = manage(config.http.management, managed)?;
    announce(config, addr);
    if let Some((_, addr)) = &management {
        tracing::info!("metrics at http://{addr}/metrics");
    }
    if let Some(token) = setup {
        setup::print_link(&token, config);
    }
    let workers = Workers::start(&app, post, mail_metrics);
    let ending = run_until_signal(server, signals).await?;
    workers.stop().await;
    if let Some((management, _)) = management {
        let _ = timeout(LAST_METRICS, management.stop(false)).await;
    }
    let _ = timeout(CLOSING, app.store.close()).await;
    match ending {
        Ending::Drained => {
            tracing::info!("stopped");
            Ok(())
        }
        Ending::Cut => Err(Failure::Cut),
    }
}

/// Starts the server on the management address, if it is wanted.
fn manage(wanted: Option<Management>, managed: Managed) -> Result<Option<(ServerHandle, SocketAddr)>, Failure> {
    let Some(Management { addr, is_asked_for }) = wanted else {
        return Ok(None);
    };
    let (listener, addr) = match listen(addr) {
        Ok(bound) => bound,
        Err(failure) if is_asked_for => return Err(failure),
        Err(failure) => {
            tracing::warn!(
                "no metrics: {}; VESTIBULE_MANAGEMENT_ADDR says where they are",
                with_causes(&failure)
            );
            return Ok(None);
        }
    };
    let server = management::run(managed, listener)?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some((handle, addr)))
}

fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let bound = TcpListener::bind(addr).and_then(|listener| {
        let addr = listener.local_addr()?;
        Ok((listener, addr))
    });
    bound.map_err(|error| Failure::Listen(addr, error))
}

fn settings(config: &Config, jwks: String) -> HttpSettings {
    let http = &config.http;
    HttpSettings {
        public_url: http.public_url.as_str().to_owned(),
        cors_origins: http.cors_origins.clone(),
        jwks,
        trusted_proxies: http.trusted_proxies.clone(),
        mail: config.mail.url.sends(),
        docs: http.docs,
    }
}

/// Says where everything is. Who can only be reached from this machine is better found at the address
/// than at the public URL, which may name another port.
fn announce(config: &Config, addr: SocketAddr) {
    let here = format!("http://{addr}");
    let url = if addr.ip().is_loopback() {
        here.as_str()
    } else {
        config.http.public_url.as_str()
    };
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "listening on {here}");
    if config.http.docs {
        tracing::info!("documentation at {url}/docs/");
    }
    tracing::info!("database {}", config.database.shown());
    tracing::info!("mail by {}", config.mail.url);
}
