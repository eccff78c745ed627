//! What the server does beside answering.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};
use vestibule_api::App;
use vestibule_domain::{StoreResult, audit, idempotency, one_time_tokens, outbox, rate_limit, roles, sessions};
use vestibule_mailer::LettreMailer;

use crate::{delivery, failure::with_causes, metrics::MailMetrics};

/// How often what is over is deleted.
const PURGE_EVERY: Duration = Duration::from_hours(1);

/// How often the clock of this machine is compared with that of the database, and how far apart they may be.
const CHECK_CLOCK_EVERY: Duration = Duration::from_mins(1);
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::seconds(2);

/// How long the delivery of mail may take to end. It bounds itself; this is for a database that hangs.
const LAST_MAIL: Duration = Duration::from_secs(7);

/// What the server does beside answering.
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    delivery: JoinHandle<()>,
    purge: JoinHandle<()>,
    database: JoinHandle<()>,
}

impl Workers {
    pub(crate) fn start(app: &Arc<App>, post: LettreMailer, metrics: MailMetrics) -> Self {
        let (stop, stopping) = watch::channel(false);
        Self {
            stop,
            delivery: actix_web::rt::spawn(delivery::run(Arc::clone(app), post, metrics, stopping)),
            purge: actix_web::rt::spawn(purge(Arc::clone(app))),
            database: actix_web::rt::spawn(monitor_database(Arc::clone(app))),
        }
    }

    /// Ends the work.
    pub(crate) async fn stop(mut self) {
        self.purge.abort();
        self.database.abort();
        self.stop.send_replace(true);
        if timeout(LAST_MAIL, &mut self.delivery).await.is_err() {
            self.delivery.abort();
        }
    }
}

/// Follows the database through failovers, and logs when its clock and that of this machine drift apart.
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
                "the clock of this machine is not that of the database, which is used; is NTP running on both?"
            );
        }
    }
}

async fn purge(app: Arc<App>) {
    let mut ticks = interval(PURGE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        report("sessions that are over", sessions::purge(&app).await);
        report("counts of attempts that are over", rate_limit::purge(&app).await);
        report("links that nobody used", one_time_tokens::purge(&app).await);
        report("answers that nobody asks for again", idempotency::purge(&app).await);
        report("old audit events", audit::purge(&app).await);
        report("mails whose link has expired", outbox::purge_expired(&app).await);
        report(
            "mails that were refused a month ago",
            outbox::purge_dead_letters(&app).await,
        );
        report("users' rows of deleted roles", roles::purge(&app).await);
    }
}

fn report(what: &str, deleted: StoreResult<u64>) {
    match deleted {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "deleted {what}"),
        Err(error) => tracing::warn!(error = with_causes(&error), "{what} stay"),
    }
}
