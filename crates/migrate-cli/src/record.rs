//! Recording of the exact statements that run on a database.
//!
//! sqlx logs each statement, and SeaORM's metric callback provides the bound values. Both become `tracing` events, which
//! are assigned to a recording by their span, so the thread that emits them does not matter.

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

/// The statements and values of one recording.
#[derive(Debug, Default)]
struct Recording {
    statements: Vec<String>,
    /// Prepared statements, and the same statements with their values.
    values: Vec<(String, String)>,
}

static RECORDINGS: LazyLock<Mutex<HashMap<u64, Recording>>> = LazyLock::new(Mutex::default);

const TARGET: &str = "vestibule_migrate_cli::statement";
const SPAN: &str = "recording";

/// Makes sqlx log every statement of a connection.
pub(crate) fn enable_statement_log(options: &mut ConnectOptions) {
    let level = options.get_sqlx_logging_level();
    options
        .sqlx_logging(true)
        .sqlx_slow_statements_logging_settings(level, Duration::MAX);
}

/// Logs the statements of a connection that have bound values.
pub(crate) fn enable_value_log(db: &mut DatabaseConnection) {
    db.set_metric_callback(|info| {
        if info.statement.values.is_some() {
            let (prepared, with_values) = (info.statement.sql.as_str(), as_stored(info.statement).to_string());
            tracing::info!(target: TARGET, prepared, with_values);
        }
    });
}

/// Converts the values to their stored form: on SQLite, a UUID is sixteen bytes.
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

/// Runs a future and returns its output with the statements that ran on its scratch databases.
///
/// # Errors
/// Another global `tracing` subscriber is already installed.
pub async fn record<T>(run: impl Future<Output = T>) -> Result<(T, Vec<String>), Error> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);

    let install = || tracing::subscriber::set_global_default(Registry::default().with(StatementLayer)).is_ok();
    if !INSTALLED.get_or_init(install) {
        return Err(Error::Usage(
            "cannot record statements, because another tracing subscriber is installed".to_owned(),
        ));
    }
    let key = COUNT.fetch_add(1, Ordering::Relaxed);
    let output = run.instrument(tracing::info_span!(SPAN, key)).await;
    let recording = with_recordings(|recordings| recordings.remove(&key).unwrap_or_default());
    Ok((output, recording.into_statements()))
}

fn with_recordings<T>(f: impl FnOnce(&mut HashMap<u64, Recording>) -> T) -> T {
    f(&mut RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Recording {
    /// Returns the statements with their values in place.
    fn into_statements(self) -> Vec<String> {
        let mut statements = self.statements;
        let mut replaced = vec![false; statements.len()];
        for (prepared, with_values) in self.values {
            let found = (0..statements.len()).find(|at| !replaced[*at] && statements[*at] == prepared.trim());
            if let Some(at) = found {
                statements[at] = with_values;
                replaced[at] = true;
            }
        }
        statements
    }
}

/// Collects logged statements into the recording of their span.
struct StatementLayer;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for StatementLayer {
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
        with_recordings(|recordings| {
            let recording = recordings.entry(key).or_default();
            match event.metadata().target() {
                TARGET => recording.values.push((fields.prepared, fields.with_values)),
                // sqlx logs a short statement only as the summary.
                "sqlx::query" if fields.statement.is_empty() => recording.statements.push(fields.summary),
                "sqlx::query" => recording.statements.push(fields.statement.trim().to_owned()),
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
    with_values: String,
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "key" {
            self.key = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let target = match field.name() {
            "summary" => &mut self.summary,
            "db.statement" => &mut self.statement,
            "prepared" => &mut self.prepared,
            "with_values" => &mut self.with_values,
            _ => return,
        };
        value.clone_into(target);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
