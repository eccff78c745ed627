//! The worker that delivers the emails in the outbox, a few at a time.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, sleep_until, timeout},
};
use vestibule_api::App;
use vestibule_domain::{
    Priority, QueuedEmail, StoreResult,
    outbox::{self, Admission, Attempt, DeliveryReport, Lane, Relay, RelayEvent},
};
use vestibule_mailer::LettreMailer;

use crate::{error::with_causes, metrics::MailMetrics};

/// The interval between polls of the outbox while nothing is being sent.
const POLL_EVERY: Duration = Duration::from_secs(1);

/// The maximum number of concurrent deliveries, so that a slow recipient does not delay the others.
const MAX_RUNNING: usize = 4;

/// The maximum number of concurrent deliveries of bulk emails, so that an urgent one never waits for bulk emails.
const MAX_RUNNING_BULK: usize = 3;

/// The minimum interval between log reports of deliveries.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// The maximum time for deliveries in progress when the server stops. Another instance repeats those that take longer,
/// which may send the email twice.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// The pauses between attempts to write an outcome when the database fails. Without retries, an accepted email would be
/// sent again.
const SETTLE_RETRIES: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
];

/// Delivers emails until `stopping` changes.
pub(super) async fn run(
    app: Arc<App>,
    mailer: LettreMailer,
    metrics: MailMetrics,
    mut stopping: watch::Receiver<bool>,
) {
    let mut worker = Worker {
        app,
        mailer: Arc::new(mailer),
        relay: Arc::default(),
        metrics,
        running: JoinSet::new(),
        running_bulk: 0,
        delivered: DeliveryReport::default(),
        reported_at: None,
        outbox_failed: false,
    };
    loop {
        let wake = worker.start_due().await;
        tokio::select! {
            Some(done) = worker.running.join_next() => worker.complete(done.ok()),
            () = sleep_until(wake.into()) => {}
            _ = stopping.changed() => break,
        }
        worker.report(false);
    }
    worker.finish().await;
}

struct Worker {
    app: Arc<App>,
    mailer: Arc<LettreMailer>,
    relay: Arc<Mutex<Relay>>,
    metrics: MailMetrics,
    running: JoinSet<Done>,
    running_bulk: usize,
    delivered: DeliveryReport,
    reported_at: Option<Instant>,
    /// The last access to the outbox failed. Only the first failure is logged.
    outbox_failed: bool,
}

struct Done {
    priority: Priority,
    result: StoreResult<Attempt>,
}

impl Worker {
    /// Starts as many deliveries as may run. Returns the time of the next poll if none completes earlier.
    async fn start_due(&mut self) -> Instant {
        let later = Instant::now() + POLL_EVERY;
        while self.running.len() < self.limit() {
            let admission = self.relay().admission(Instant::now());
            match admission {
                Admission::Open | Admission::Probe | Admission::UrgentProbe => {}
                Admission::Wait(until) => return until.min(later),
                Admission::Probing => return later,
            }
            let lane = match admission {
                Admission::Probe => Lane::Any,
                Admission::Open if self.running_bulk < MAX_RUNNING_BULK => Lane::Any,
                _ => Lane::Urgent,
            };
            match outbox::claim_next(&self.app, &self.relay, lane).await {
                Ok(Some(email)) => self.start(email),
                Ok(None) => {
                    self.outbox_failed = false;
                    break;
                }
                Err(error) => {
                    if !self.outbox_failed {
                        self.outbox_failed = true;
                        tracing::warn!(error = with_causes(&error), "cannot read the outbox; retrying");
                    }
                    break;
                }
            }
        }
        later
    }

    /// Returns the maximum number of deliveries that may run. Hanging deliveries from before a pause must not delay the
    /// probes.
    fn limit(&self) -> usize {
        if self.relay().is_paused() {
            2 * MAX_RUNNING
        } else {
            MAX_RUNNING
        }
    }

    fn start(&mut self, email: QueuedEmail) {
        let priority = email.priority;
        self.running_bulk += usize::from(priority == Priority::Bulk);
        let (app, mailer, relay) = (Arc::clone(&self.app), Arc::clone(&self.mailer), Arc::clone(&self.relay));
        self.running.spawn_local(async move {
            let result = deliver(&app, &mailer, &relay, email).await;
            Done { priority, result }
        });
    }

    /// Records the result of a delivery, or `None` if it panicked.
    fn complete(&mut self, done: Option<Done>) {
        let Some(Done { priority, result }) = done else {
            tracing::error!("the delivery of an email panicked; retrying in two minutes");
            self.running_bulk = self.running_bulk.min(self.running.len());
            self.relay().abandon_probes();
            return;
        };
        self.running_bulk = self
            .running_bulk
            .saturating_sub(usize::from(priority == Priority::Bulk));
        match result {
            Ok(attempt) => {
                self.metrics.count(attempt.outcome());
                self.delivered.add(attempt.outcome());
                if let Some(event) = &attempt.event {
                    self.log_event(event);
                }
            }
            Err(error) if !self.outbox_failed => {
                self.outbox_failed = true;
                tracing::warn!(
                    error = with_causes(&error),
                    "cannot write the outcome of a delivery to the outbox; the email may be sent again"
                );
            }
            Err(_) => {}
        }
    }

    fn log_event(&self, event: &RelayEvent) {
        match event {
            RelayEvent::Paused(reason) => {
                self.metrics.set_available(false);
                tracing::warn!(
                    reason,
                    "the mail server is unavailable; deliveries are paused, and one email at a time probes the server \
                     until it recovers"
                );
            }
            RelayEvent::Resumed(outage) => {
                self.metrics.set_available(true);
                tracing::info!(after_s = outage.as_secs(), "the mail server is available again");
            }
        }
    }

    /// Logs the deliveries since the last report, at most every [`REPORT_EVERY`] and in any case at the end.
    fn report(&mut self, is_last: bool) {
        let DeliveryReport {
            sent,
            postponed,
            dead_letters,
            returned: _,
            expired,
        } = self.delivered;
        let is_early = self.reported_at.is_some_and(|at| at.elapsed() < REPORT_EVERY);
        if sent + postponed + dead_letters + expired == 0 || (is_early && !is_last) {
            return;
        }
        self.reported_at = Some(Instant::now());
        self.delivered = DeliveryReport::default();
        if sent > 0 {
            tracing::info!(sent, "sent emails");
        }
        if postponed > 0 {
            tracing::warn!(
                postponed,
                "emails failed and will be retried; `vestibule mail list` shows the reasons"
            );
        }
        if dead_letters > 0 {
            tracing::warn!(
                dead_letters,
                "emails failed permanently; `vestibule mail list` shows the reasons"
            );
        }
        if expired > 0 {
            tracing::warn!(expired, "deleted emails whose link expired before they could be sent");
        }
    }

    /// Waits for deliveries in progress, up to [`DRAIN_TIMEOUT`].
    async fn finish(mut self) {
        let drained = timeout(DRAIN_TIMEOUT, async {
            while let Some(done) = self.running.join_next().await {
                self.complete(done.ok());
            }
        });
        if drained.await.is_err() {
            self.running.abort_all();
        }
        self.report(true);
        let _ = timeout(Duration::from_secs(1), self.mailer.close()).await;
    }

    fn relay(&self) -> MutexGuard<'_, Relay> {
        self.relay.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn deliver(app: &App, mailer: &LettreMailer, relay: &Mutex<Relay>, email: QueuedEmail) -> StoreResult<Attempt> {
    let attempt = outbox::attempt(app, mailer, relay, email).await?;
    for pause in SETTLE_RETRIES {
        match outbox::settle(app, &attempt).await {
            Ok(()) => return Ok(attempt),
            Err(_) => sleep(pause).await,
        }
    }
    outbox::settle(app, &attempt).await.map(|()| attempt)
}
