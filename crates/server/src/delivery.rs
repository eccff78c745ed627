//! The worker that sends what is in the outbox, a few mails at once.

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

use crate::{failure::with_causes, metrics::MailMetrics};

/// How often the outbox is looked at while nothing is being sent.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many mails are sent at once, so that one slow recipient does not hold up the others.
const CONCURRENT: usize = 4;

/// How many of them may be bulk mail, so that an urgent one never waits for it.
const CONCURRENT_BULK: usize = 3;

/// How often it is logged at most what became of mails.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// How long mails that are being sent may take when the server stops. After that another instance sends
/// them, perhaps once more.
const LAST_MAILS: Duration = Duration::from_secs(5);

/// The waits before the outcome of a mail is written again, when the database failed. Otherwise a mail that
/// was accepted is sent twice.
const SETTLE_AGAIN: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
];

/// Sends mail until it is told to stop.
pub(crate) async fn run(app: Arc<App>, post: LettreMailer, metrics: MailMetrics, mut stopping: watch::Receiver<bool>) {
    let mut worker = Worker {
        app,
        post: Arc::new(post),
        relay: Arc::default(),
        metrics,
        running: JoinSet::new(),
        running_bulk: 0,
        delivered: DeliveryReport::default(),
        reported: None,
        fails: false,
    };
    loop {
        let wake = worker.start_due().await;
        tokio::select! {
            Some(done) = worker.running.join_next() => worker.note(done.ok()),
            () = sleep_until(wake.into()) => {}
            _ = stopping.changed() => break,
        }
        worker.report(false);
    }
    worker.finish().await;
}

struct Worker {
    app: Arc<App>,
    post: Arc<LettreMailer>,
    relay: Arc<Mutex<Relay>>,
    metrics: MailMetrics,
    running: JoinSet<Done>,
    running_bulk: usize,
    delivered: DeliveryReport,
    reported: Option<Instant>,
    /// Whether the outbox could not be read the last time.
    fails: bool,
}

struct Done {
    priority: Priority,
    result: StoreResult<Attempt>,
}

impl Worker {
    /// Starts to send as many mails as may be sent at once. Returns when to look again, if none ends before.
    async fn start_due(&mut self) -> Instant {
        let later = Instant::now() + LOOK_EVERY;
        while self.running.len() < self.limit() {
            let admission = self.relay().admission(Instant::now());
            match admission {
                Admission::Open | Admission::Probe | Admission::UrgentProbe => {}
                Admission::Wait(until) => return until.min(later),
                Admission::Probing => return later,
            }
            let lane = match admission {
                Admission::Probe => Lane::Any,
                Admission::Open if self.running_bulk < CONCURRENT_BULK => Lane::Any,
                _ => Lane::Urgent,
            };
            match outbox::claim_next(&self.app, &self.relay, lane).await {
                Ok(Some(mail)) => self.start(mail),
                Ok(None) => {
                    self.fails = false;
                    break;
                }
                Err(error) => {
                    // Once, not each second.
                    if !self.fails {
                        self.fails = true;
                        tracing::warn!(error = with_causes(&error), "the outbox cannot be looked at");
                    }
                    break;
                }
            }
        }
        later
    }

    /// Deliveries from before a pause, which may hang, do not hold up the probes.
    fn limit(&self) -> usize {
        if self.relay().is_paused() {
            2 * CONCURRENT
        } else {
            CONCURRENT
        }
    }

    fn start(&mut self, mail: QueuedEmail) {
        let priority = mail.priority;
        self.running_bulk += usize::from(priority == Priority::Bulk);
        let (app, post, relay) = (Arc::clone(&self.app), Arc::clone(&self.post), Arc::clone(&self.relay));
        self.running.spawn_local(async move {
            let result = deliver(&app, &post, &relay, mail).await;
            Done { priority, result }
        });
    }

    /// Notes how the delivery of one mail ended; `None` when it panicked.
    fn note(&mut self, done: Option<Done>) {
        let Some(Done { priority, result }) = done else {
            tracing::error!("the delivery of a mail panicked; it is tried again in two minutes");
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
                    self.tell(event);
                }
            }
            Err(error) if !self.fails => {
                self.fails = true;
                tracing::warn!(
                    error = with_causes(&error),
                    "what became of a mail cannot be written to the outbox"
                );
            }
            Err(_) => {}
        }
    }

    fn tell(&self, event: &RelayEvent) {
        match event {
            RelayEvent::Paused(reason) => {
                self.metrics.set_available(false);
                tracing::warn!(
                    reason,
                    "mail cannot be sent now: the mail server is unavailable. Deliveries are paused; it is probed until \
                     it recovers"
                );
            }
            RelayEvent::Resumed(outage) => {
                self.metrics.set_available(true);
                tracing::info!(after_s = outage.as_secs(), "the mail server is available again");
            }
        }
    }

    /// Logs what became of mails, soon but not often.
    fn report(&mut self, is_last: bool) {
        let DeliveryReport {
            sent,
            postponed,
            parked,
            returned: _,
            expired,
        } = self.delivered;
        let is_early = self.reported.is_some_and(|at| at.elapsed() < REPORT_EVERY);
        if sent + postponed + parked + expired == 0 || (is_early && !is_last) {
            return;
        }
        self.reported = Some(Instant::now());
        self.delivered = DeliveryReport::default();
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
        if expired > 0 {
            tracing::warn!(expired, "mail was not sent before its link expired, and is deleted");
        }
    }

    /// Lets what is being sent end.
    async fn finish(mut self) {
        let ended = timeout(LAST_MAILS, async {
            while let Some(done) = self.running.join_next().await {
                self.note(done.ok());
            }
        });
        if ended.await.is_err() {
            self.running.abort_all();
        }
        self.report(true);
        let _ = timeout(Duration::from_secs(1), self.post.close()).await;
    }

    fn relay(&self) -> MutexGuard<'_, Relay> {
        self.relay.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn deliver(app: &App, post: &LettreMailer, relay: &Mutex<Relay>, mail: QueuedEmail) -> StoreResult<Attempt> {
    let attempt = outbox::attempt(app, post, relay, mail).await?;
    for wait in SETTLE_AGAIN {
        match outbox::settle(app, &attempt).await {
            Ok(()) => return Ok(attempt),
            Err(_) => sleep(wait).await,
        }
    }
    outbox::settle(app, &attempt).await.map(|()| attempt)
}
