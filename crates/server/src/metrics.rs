//! What is measured, in the text format of Prometheus.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use prometheus::{
    Gauge, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};
use tokio::sync::Mutex;
use vestibule_api::{App, Observer, ResponseInfo};
use vestibule_domain::{
    outbox::{self, Outcome},
    sessions,
};
use vestibule_security::HashPool;

/// How often sessions and mails are counted, which takes longer the more there are.
const COUNT_EVERY: Duration = Duration::from_mins(1);

/// Seconds: from a read by a key to a password that waited its turn.
const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The methods that routes know. Others are counted together, because anyone can make some up.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const OTHER: &str = "other";

/// Counts answers.
pub(crate) struct Requests {
    total: IntCounterVec,
    seconds: HistogramVec,
}

impl Observer for Requests {
    fn on_response(&self, answered: &ResponseInfo<'_>) {
        let method = METHODS
            .iter()
            .find(|known| **known == answered.method)
            .unwrap_or(&OTHER);
        let route = answered.route.unwrap_or(OTHER);
        let mut digits = [0; 3];
        let status = three_digits(answered.status, &mut digits);
        self.total.with_label_values(&[method, route, status]).inc();
        let seconds = self.seconds.with_label_values(&[method, route]);
        seconds.observe(answered.duration.as_secs_f64());
    }
}

fn three_digits(status: u16, digits: &mut [u8; 3]) -> &str {
    for (digit, scale) in digits.iter_mut().zip([100, 10, 1]) {
        *digit = b'0' + u8::try_from(status / scale % 10).unwrap_or_default();
    }
    std::str::from_utf8(digits).unwrap_or_default()
}

/// Counts deliveries of mail.
#[derive(Clone)]
pub(crate) struct MailMetrics {
    deliveries: IntCounterVec,
    available: IntGauge,
}

impl MailMetrics {
    fn new() -> prometheus::Result<Self> {
        let metrics = Self {
            deliveries: IntCounterVec::new(
                Opts::new("mail_deliveries_total", "Attempts to send a mail, by their outcome"),
                &["outcome"],
            )?,
            available: IntGauge::new(
                "mail_server_available",
                "Whether the mail server took or answered the last mail of this instance",
            )?,
        };
        metrics.available.set(1);
        Ok(metrics)
    }

    /// Counts an attempt.
    pub(crate) fn count(&self, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Sent => "sent",
            Outcome::Postponed => "postponed",
            Outcome::Parked => "parked",
            Outcome::Returned => "server_unavailable",
            Outcome::Expired => "expired",
            Outcome::Dropped => return,
        };
        self.deliveries.with_label_values(&[outcome]).inc();
    }

    /// Notes whether the mail server is available.
    pub(crate) fn set_available(&self, is_available: bool) {
        self.available.set(is_available.into());
    }
}

/// Everything that is measured.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Arc<Requests>,
    hashes: IntCounter,
    refused_hashes: IntCounter,
    waiting_hashes: IntGauge,
    running_hashes: IntGauge,
    connections: IntGaugeVec,
    sessions: IntGauge,
    mails: IntGaugeVec,
    clock_skew: Gauge,
    mail: MailMetrics,
    rows_counted: Mutex<Option<Instant>>,
}

impl Metrics {
    pub(crate) fn new() -> prometheus::Result<Self> {
        let registry = Registry::new_custom(Some("vestibule".to_owned()), None)?;
        let requests = Requests {
            total: IntCounterVec::new(
                Opts::new("http_requests_total", "Requests that were answered"),
                &["method", "route", "status"],
            )?,
            seconds: HistogramVec::new(
                HistogramOpts::new("http_request_duration_seconds", "Time until the answer began")
                    .buckets(BUCKETS.to_vec()),
                &["method", "route"],
            )?,
        };
        let info = IntGaugeVec::new(Opts::new("build_info", "The version of the program"), &["version"])?;
        info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let metrics = Self {
            hashes: IntCounter::new("password_hashes_total", "Passwords that were hashed")?,
            refused_hashes: IntCounter::new(
                "password_hashes_refused_total",
                "Passwords that waited too long or not at all",
            )?,
            waiting_hashes: IntGauge::new("password_hashes_waiting", "Passwords that wait for a thread")?,
            running_hashes: IntGauge::new("password_hashes_running", "Passwords that are being hashed")?,
            connections: IntGaugeVec::new(
                Opts::new("database_connections", "Open connections to the database"),
                &["state"],
            )?,
            sessions: IntGauge::new("sessions", "Sessions that live, counted once a minute")?,
            mails: IntGaugeVec::new(
                Opts::new("mails", "Mails in the outbox, counted once a minute"),
                &["state"],
            )?,
            clock_skew: Gauge::new(
                "clock_skew_seconds",
                "How far the clock of this machine is ahead of the database",
            )?,
            mail: MailMetrics::new()?,
            requests: Arc::new(requests),
            registry,
            rows_counted: Mutex::new(None),
        };
        let registry = &metrics.registry;
        registry.register(Box::new(info))?;
        registry.register(Box::new(metrics.requests.total.clone()))?;
        registry.register(Box::new(metrics.requests.seconds.clone()))?;
        registry.register(Box::new(metrics.hashes.clone()))?;
        registry.register(Box::new(metrics.refused_hashes.clone()))?;
        registry.register(Box::new(metrics.waiting_hashes.clone()))?;
        registry.register(Box::new(metrics.running_hashes.clone()))?;
        registry.register(Box::new(metrics.connections.clone()))?;
        registry.register(Box::new(metrics.sessions.clone()))?;
        registry.register(Box::new(metrics.mails.clone()))?;
        registry.register(Box::new(metrics.clock_skew.clone()))?;
        registry.register(Box::new(metrics.mail.deliveries.clone()))?;
        registry.register(Box::new(metrics.mail.available.clone()))?;
        Ok(metrics)
    }

    /// What counts the answers of the server.
    pub(crate) fn requests(&self) -> Arc<Requests> {
        Arc::clone(&self.requests)
    }

    /// What counts the deliveries of mail.
    pub(crate) fn mail(&self) -> MailMetrics {
        self.mail.clone()
    }

    /// Everything as text, as of now.
    pub(crate) async fn text(&self, app: &App, hasher: &HashPool) -> prometheus::Result<String> {
        self.look_at_hashes(hasher);
        self.look_at_connections(app);
        if let Some(clock) = app.store.database_clock() {
            self.clock_skew.set(clock.skew().as_seconds_f64());
        }
        self.look_at_rows(app).await;
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }

    fn look_at_hashes(&self, hasher: &HashPool) {
        let load = hasher.load();
        self.hashes.inc_by(load.hashed.saturating_sub(self.hashes.get()));
        self.refused_hashes
            .inc_by(load.rejected.saturating_sub(self.refused_hashes.get()));
        self.waiting_hashes.set(load.waiting.cast_signed());
        self.running_hashes.set(load.running.cast_signed());
    }

    fn look_at_connections(&self, app: &App) {
        let counts = app.store.connections();
        let busy = counts.open.saturating_sub(counts.idle);
        for (state, count) in [("idle", counts.idle), ("busy", busy)] {
            self.connections.with_label_values(&[state]).set(count.cast_signed());
        }
    }

    /// The last count stays while the database does not answer.
    async fn look_at_rows(&self, app: &App) {
        let mut counted = self.rows_counted.lock().await;
        if counted.is_some_and(|at| at.elapsed() < COUNT_EVERY) {
            return;
        }
        let (Ok(sessions), Ok(mails)) = (sessions::count(app).await, outbox::count(app).await) else {
            return;
        };
        self.sessions.set(sessions.cast_signed());
        for (state, count) in [("waiting", mails.waiting), ("parked", mails.parked)] {
            self.mails.with_label_values(&[state]).set(count.cast_signed());
        }
        *counted = Some(Instant::now());
    }
}
