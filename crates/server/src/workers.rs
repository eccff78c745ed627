//! What the server does beside answering.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};
use vestibule_api::App;
use vestibule_domain::{
    StoreResult, audit, idempotency,
    mail::{self, Delivered},
    role, session, throttle, verification,
};
use vestibule_mailer::Post;

use crate::failure::with_causes;

/// How often the outbox is looked at.
const DELIVER_EVERY: Duration = Duration::from_secs(1);

/// How often what is over is deleted.
const PURGE_EVERY: Duration = Duration::from_hours(1);

/// How long a mail that is being sent may take when the server stops. After that another instance sends
/// it, perhaps once more.
const LAST_MAIL: Duration = Duration::from_secs(5);

/// What the server does beside answering.
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    delivery: JoinHandle<()>,
    purge: JoinHandle<()>,
}

impl Workers {
    pub(crate) fn start(app: &Arc<App>, post: Post) -> Self {
        let (stop, stopping) = watch::channel(false);
        Self {
            stop,
            delivery: actix_web::rt::spawn(deliver(Arc::clone(app), post, stopping)),
            purge: actix_web::rt::spawn(purge(Arc::clone(app))),
        }
    }

    /// Ends the work.
    pub(crate) async fn stop(mut self) {
        self.purge.abort();
        self.stop.send_replace(true);
        if timeout(LAST_MAIL, &mut self.delivery).await.is_err() {
            self.delivery.abort();
        }
    }
}

async fn deliver(app: Arc<App>, post: Post, mut stopping: watch::Receiver<bool>) {
    let mut ticks = interval(DELIVER_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut fails = false;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopping.changed() => return,
        }
        match mail::deliver(&app, &post).await {
            Ok(delivered) => {
                fails = false;
                tell(delivered);
            }
            // Once, not each second.
            Err(_) if fails => {}
            Err(error) => {
                fails = true;
                tracing::warn!(error = with_causes(&error), "the outbox cannot be looked at");
            }
        }
    }
}

fn tell(delivered: Delivered) {
    let Delivered {
        sent,
        postponed,
        parked,
    } = delivered;
    if sent > 0 {
        tracing::info!(sent, "sent mail");
    }
    if postponed > 0 {
        tracing::warn!(postponed, "mail cannot be sent now: `vestibule mail list` says why");
    }
    if parked > 0 {
        tracing::warn!(
            parked,
            "mail was refused for good and is parked: see `vestibule mail list`"
        );
    }
}

async fn purge(app: Arc<App>) {
    let mut ticks = interval(PURGE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        report("sessions that are over", session::purge(&app).await);
        report("counts of attempts that are over", throttle::purge(&app).await);
        report("links that nobody used", verification::purge(&app).await);
        report("answers that nobody asks for again", idempotency::purge(&app).await);
        report("old audit events", audit::purge(&app).await);
        report("users' rows of deleted roles", role::purge(&app).await);
    }
}

fn report(what: &str, deleted: StoreResult<u64>) {
    match deleted {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "deleted {what}"),
        Err(error) => tracing::warn!(error = with_causes(&error), "{what} stay"),
    }
}
