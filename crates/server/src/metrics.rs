//! Metrics in the text format of Prometheus.

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

/// The interval between counts of sessions and emails, which are slow when there are many rows.
const COUNT_EVERY: Duration = Duration::from_mins(1);

/// The histogram buckets in seconds: from a read by primary key to a password that waited in the hashing queue.
const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The methods with a label of their own. All others share one, because clients can send any method.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const OTHER: &str = "other";

/// Metrics of HTTP requests.
pub(crate) struct RequestMetrics {
    total: IntCounterVec,
    seconds: HistogramVec,
}

impl Observer for RequestMetrics {
    fn on_response(&self, response: &ResponseInfo<'_>) {
        let method = METHODS
            .iter()
            .find(|known| **known == response.method)
            .unwrap_or(&OTHER);
        let route = response.route.unwrap_or(OTHER);
        let mut digits = [0; 3];
        let status = status_label(response.status, &mut digits);
        self.total.with_label_values(&[method, route, status]).inc();
        let seconds = self.seconds.with_label_values(&[method, route]);
        seconds.observe(response.duration.as_secs_f64());
    }
}

/// Formats a status without allocating.
fn status_label(status: u16, digits: &mut [u8; 3]) -> &str {
    for (digit, scale) in digits.iter_mut().zip([100, 10, 1]) {
        *digit = b'0' + u8::try_from(status / scale % 10).unwrap_or_default();
    }
    std::str::from_utf8(digits).unwrap_or_default()
}

/// Metrics of email deliveries.
#[derive(Clone)]
pub(crate) struct MailMetrics {
    deliveries: IntCounterVec,
    available: IntGauge,
}

impl MailMetrics {
    fn new() -> prometheus::Result<Self> {
        let metrics = Self {
            deliveries: IntCounterVec::new(
                Opts::new("email_deliveries_total", "Attempts to deliver an email, by outcome"),
                &["outcome"],
            )?,
            available: IntGauge::new(
                "mail_server_available",
                "1 if the mail server responded to the last delivery of this instance, otherwise 0",
            )?,
        };
        metrics.available.set(1);
        Ok(metrics)
    }

    /// Counts a delivery attempt.
    pub(crate) fn count(&self, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Sent => "sent",
            Outcome::Postponed => "postponed",
            Outcome::DeadLetter => "dead_letter",
            Outcome::Returned => "server_unavailable",
            Outcome::Expired => "expired",
            Outcome::Dropped => return,
        };
        self.deliveries.with_label_values(&[outcome]).inc();
    }

    /// Sets whether the mail server is available.
    pub(crate) fn set_available(&self, is_available: bool) {
        self.available.set(is_available.into());
    }
}

/// All metrics of the server.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Arc<RequestMetrics>,
    hashes: IntCounter,
    rejected_hashes: IntCounter,
    waiting_hashes: IntGauge,
    running_hashes: IntGauge,
    connections: IntGaugeVec,
    sessions: IntGauge,
    emails: IntGaugeVec,
    clock_skew: Gauge,
    mail: MailMetrics,
    rows_counted: Mutex<Option<Instant>>,
}

impl Metrics {
    pub(crate) fn new() -> prometheus::Result<Self> {
        let registry = Registry::new_custom(Some("vestibule".to_owned()), None)?;
        let requests = RequestMetrics {
            total: IntCounterVec::new(
                Opts::new("http_requests_total", "HTTP requests, by method, route and status"),
                &["method", "route", "status"],
            )?,
            seconds: HistogramVec::new(
                HistogramOpts::new("http_request_duration_seconds", "Time until the response started")
                    .buckets(BUCKETS.to_vec()),
                &["method", "route"],
            )?,
        };
        let info = IntGaugeVec::new(Opts::new("build_info", "The version of the server"), &["version"])?;
        info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let metrics = Self {
            hashes: IntCounter::new("password_hashes_total", "Passwords hashed")?,
            rejected_hashes: IntCounter::new(
                "password_hashes_rejected_total",
                "Passwords rejected because the hashing queue was full or the wait too long",
            )?,
            waiting_hashes: IntGauge::new("password_hashes_waiting", "Passwords waiting for a hashing thread")?,
            running_hashes: IntGauge::new("password_hashes_running", "Passwords being hashed")?,
            connections: IntGaugeVec::new(
                Opts::new("database_connections", "Open database connections, by state"),
                &["state"],
            )?,
            sessions: IntGauge::new("sessions", "Active sessions, counted once a minute")?,
            emails: IntGaugeVec::new(
                Opts::new("outbox_emails", "Emails in the outbox, by state, counted once a minute"),
                &["state"],
            )?,
            clock_skew: Gauge::new(
                "clock_skew_seconds",
                "Seconds by which the clock of this machine is ahead of the database clock",
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
        registry.register(Box::new(metrics.rejected_hashes.clone()))?;
        registry.register(Box::new(metrics.waiting_hashes.clone()))?;
        registry.register(Box::new(metrics.running_hashes.clone()))?;
        registry.register(Box::new(metrics.connections.clone()))?;
        registry.register(Box::new(metrics.sessions.clone()))?;
        registry.register(Box::new(metrics.emails.clone()))?;
        registry.register(Box::new(metrics.clock_skew.clone()))?;
        registry.register(Box::new(metrics.mail.deliveries.clone()))?;
        registry.register(Box::new(metrics.mail.available.clone()))?;
        Ok(metrics)
    }

    /// Returns the metrics of HTTP requests.
    pub(crate) fn requests(&self) -> Arc<RequestMetrics> {
        Arc::clone(&self.requests)
    }

    /// Returns the metrics of email deliveries.
    pub(crate) fn mail(&self) -> MailMetrics {
        self.mail.clone()
    }

    /// Updates all gauges and returns the metrics as text.
    pub(crate) async fn encode(&self, app: &App, hasher: &HashPool) -> prometheus::Result<String> {
        self.update_hashes(hasher);
        self.update_connections(app);
        if let Some(clock) = app.store.database_clock() {
            self.clock_skew.set(clock.skew().as_seconds_f64());
        }
        self.update_rows(app).await;
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }

    fn update_hashes(&self, hasher: &HashPool) {
        let load = hasher.load();
        self.hashes.inc_by(load.hashed.saturating_sub(self.hashes.get()));
        self.rejected_hashes
            .inc_by(load.rejected.saturating_sub(self.rejected_hashes.get()));
        self.waiting_hashes.set(load.waiting.cast_signed());
        self.running_hashes.set(load.running.cast_signed());
    }

    fn update_connections(&self, app: &App) {
        let counts = app.store.connections();
        let busy = counts.open.saturating_sub(counts.idle);
        for (state, count) in [("idle", counts.idle), ("busy", busy)] {
            self.connections.with_label_values(&[state]).set(count.cast_signed());
        }
    }

    /// Counts rows. If the database does not respond, the previous counts remain.
    async fn update_rows(&self, app: &App) {
        let mut counted = self.rows_counted.lock().await;
        if counted.is_some_and(|at| at.elapsed() < COUNT_EVERY) {
            return;
        }
        let (Ok(sessions), Ok(emails)) = (sessions::count(app).await, outbox::count(app).await) else {
            return;
        };
        self.sessions.set(sessions.cast_signed());
        for (state, count) in [("waiting", emails.waiting), ("dead_letter", emails.dead_letters)] {
            self.emails.with_label_values(&[state]).set(count.cast_signed());
        }
        *counted = Some(Instant::now());
    }
}
