//! What a database was told, word for word.
//!
//! sqlx tells each statement that ran, and SeaORM, for those that have values, the values. Both are events of
//! `tracing`, which belong to a recording by the span that they are in, on whichever thread they come up.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use sea_orm::{ConnectOptions, DatabaseConnection, DbBackend, Statement, Value, Values};
use tracing::field::{Field, Visit};
use tracing::instrument::Instrument as _;
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

use crate::error::Error;

/// What one recording has heard.
#[derive(Debug, Default)]
struct Heard {
    statements: Vec<String>,
    /// Statements as they were prepared, and the same with their values.
    values: Vec<(String, String)>,
}

static HEARD: LazyLock<Mutex<HashMap<u64, Heard>>> = LazyLock::new(Mutex::default);

const TARGET: &str = "vestibule_migrate_cli::statement";
const SPAN: &str = "recording";

/// Has a connection tell what it is told.
pub(crate) fn talkative(options: &mut ConnectOptions) {
    let level = options.get_sqlx_logging_level();
    options
        .sqlx_logging(true)
        .sqlx_slow_statements_logging_settings(level, Duration::MAX);
}

/// Has a connection tell the values in what it is told.
pub(crate) fn tell_values(db: &mut DatabaseConnection) {
    db.set_metric_callback(|info| {
        if info.statement.values.is_some() {
            let (prepared, written) = (info.statement.sql.as_str(), as_stored(info.statement).to_string());
            tracing::info!(target: TARGET, prepared, written);
        }
    });
}

/// The statement with values as they get to the database: a UUID is sixteen bytes on SQLite.
fn as_stored(statement: &Statement) -> Statement {
    let mut statement = statement.clone();
    if let (DbBackend::Sqlite, Some(Values(values))) = (statement.db_backend, &mut statement.values) {
        for value in values {
            if let Value::Uuid(id) = value {
                *value = Value::Bytes(id.map(|id| id.as_bytes().to_vec()));
            }
        }
    }
    statement
}

/// Runs something and gives the statements that its scratch databases were told meanwhile.
///
/// # Errors
/// This process has another subscriber of `tracing` already.
pub async fn record<T>(run: impl Future<Output = T>) -> Result<(T, Vec<String>), Error> {
    static LISTENING: OnceLock<bool> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);

    let listens = || tracing::subscriber::set_global_default(Registry::default().with(Listener)).is_ok();
    if !LISTENING.get_or_init(listens) {
        return Err(Error::Usage("this process listens to statements otherwise".to_owned()));
    }
    let key = COUNT.fetch_add(1, Ordering::Relaxed);
    let done = run.instrument(tracing::info_span!(SPAN, key)).await;
    let heard = heard(|heard| heard.remove(&key).unwrap_or_default());
    Ok((done, heard.with_values()))
}

fn heard<T>(change: impl FnOnce(&mut HashMap<u64, Heard>) -> T) -> T {
    change(&mut HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Heard {
    /// The statements with their values in place.
    fn with_values(self) -> Vec<String> {
        let mut statements = self.statements;
        let mut done = vec![false; statements.len()];
        for (prepared, written) in self.values {
            let place = (0..statements.len()).find(|at| !done[*at] && statements[*at] == prepared.trim());
            if let Some(at) = place {
                statements[at] = written;
                done[at] = true;
            }
        }
        statements
    }
}

struct Listener;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() == SPAN
            && let Some(span) = context.span(id)
        {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(Key(fields.key));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut spans = context.event_scope(event).into_iter().flatten();
        let Some(key) = spans.find_map(|span| span.extensions().get::<Key>().map(|key| key.0)) else {
            return;
        };
        let mut fields = Fields::default();
        event.record(&mut fields);
        heard(|all| {
            let heard = all.entry(key).or_default();
            match event.metadata().target() {
                TARGET => heard.values.push((fields.prepared, fields.written)),
                // Short statements are their own summary.
                "sqlx::query" if fields.statement.is_empty() => heard.statements.push(fields.summary),
                "sqlx::query" => heard.statements.push(fields.statement.trim().to_owned()),
                _ => {}
            }
        });
    }
}

struct Key(u64);

#[derive(Default)]
struct Fields {
    key: u64,
    summary: String,
    statement: String,
    prepared: String,
    written: String,
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "key" {
            self.key = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let place = match field.name() {
            "summary" => &mut self.summary,
            "db.statement" => &mut self.statement,
            "prepared" => &mut self.prepared,
            "written" => &mut self.written,
            _ => return,
        };
        value.clone_into(place);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
