//! Background workers of the server: email delivery, purging, and monitoring the database.

mod delivery;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};
use vestibule_api::App;
use vestibule_domain::{
    StoreResult, audit, challenges, factors, idempotency, one_time_tokens, outbox, rate_limit, roles, sessions,
};
use vestibule_mailer::LettreMailer;

use crate::{error::with_causes, metrics::MailMetrics};

/// The interval between purges of expired rows.
const PURGE_EVERY: Duration = Duration::from_hours(1);

/// The interval between comparisons of the clock of this machine with the database clock, and the tolerated difference.
const CHECK_CLOCK_EVERY: Duration = Duration::from_mins(1);
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::seconds(2);

/// The maximum time for the delivery worker to stop. The worker has a shorter timeout itself, which it can only exceed
/// if the database hangs.
const DELIVERY_STOP_TIMEOUT: Duration = Duration::from_secs(7);

/// The running workers.
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    delivery: JoinHandle<()>,
    purge: JoinHandle<()>,
    database: JoinHandle<()>,
}

impl Workers {
    pub(crate) fn start(app: &Arc<App>, mailer: LettreMailer, metrics: MailMetrics) -> Self {
        let (stop, stopping) = watch::channel(false);
        Self {
            stop,
            delivery: actix_web::rt::spawn(delivery::run(Arc::clone(app), mailer, metrics, stopping)),
            purge: actix_web::rt::spawn(purge(Arc::clone(app))),
            database: actix_web::rt::spawn(monitor_database(Arc::clone(app))),
        }
    }

    /// Stops all workers. Deliveries in progress may finish.
    pub(crate) async fn stop(mut self) {
        self.purge.abort();
        self.database.abort();
        self.stop.send_replace(true);
        if timeout(DELIVERY_STOP_TIMEOUT, &mut self.delivery).await.is_err() {
            self.delivery.abort();
        }
    }
}

/// Monitors the database for failovers, and logs when the clocks differ.
async fn monitor_database(app: Arc<App>) {
    tokio::join!(app.store.monitor(), log_clock_skew(&app));
}

async fn log_clock_skew(app: &App) {
    let Some(clock) = app.store.database_clock() else {
        return;
    };
    let mut ticks = interval(CHECK_CLOCK_EVERY);
    let mut is_skewed = false;
    loop {
        ticks.tick().await;
        let skew = clock.skew();
        let was_skewed = std::mem::replace(&mut is_skewed, skew.abs() > MAX_CLOCK_SKEW);
        if is_skewed && !was_skewed {
            let seconds = skew.as_seconds_f64();
            tracing::warn!(
                seconds,
                "the clock of this machine differs from the database clock, which is used; check NTP on both machines"
            );
        }
    }
}

/// Encrypts the secrets of authenticator apps again after a rotation of the secret key.
async fn reseal(app: &App) {
    match factors::reseal_totp_secrets(app).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(
            count,
            "encrypted the secrets of authenticator apps under the current secret key"
        ),
        Err(error) => tracing::warn!(
            error = with_causes(&error),
            "cannot encrypt the secrets of authenticator apps under the current secret key; retrying in an hour"
        ),
    }
}

async fn purge(app: Arc<App>) {
    let mut ticks = interval(PURGE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        reseal(&app).await;
        log_purge("expired sessions", sessions::purge(&app).await);
        log_purge("expired rate limits", rate_limit::purge(&app).await);
        log_purge("expired links", one_time_tokens::purge(&app).await);
        log_purge("expired challenges", challenges::purge(&app).await);
        log_purge("expired idempotency keys", idempotency::purge(&app).await);
        log_purge("old audit events", audit::purge(&app).await);
        log_purge("emails with expired links", outbox::purge_expired(&app).await);
        log_purge("old dead letters", outbox::purge_dead_letters(&app).await);
        log_purge("assignments of deleted roles", roles::purge(&app).await);
    }
}

fn log_purge(rows: &str, deleted: StoreResult<u64>) {
    match deleted {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "deleted {rows}"),
        Err(error) => tracing::warn!(error = with_causes(&error), "cannot delete {rows}; retrying in an hour"),
    }
}
