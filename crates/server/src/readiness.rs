//! Whether the database is as the server needs it.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use tokio::{sync::Mutex, time::timeout};
use vestibule_api::Readiness;
use vestibule_domain::BoxFuture;
use vestibule_migrate::Runner;
use vestibule_persistence::SeaStore;

use crate::{failure::with_causes, wire};

/// How long an answer holds, so that asking often costs the database nothing. That it is ready holds only until a
/// statement fails.
const FRESH: Duration = Duration::from_secs(1);

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

type Verdict = Result<(), String>;

/// Asks the database, at most once a second.
pub(crate) struct DatabaseReadiness {
    migrations: Runner,
    store: SeaStore,
    last: Mutex<Option<Last>>,
}

/// The last answer.
struct Last {
    at: Instant,
    /// How many statements had failed by then.
    failures: u64,
    verdict: Verdict,
}

impl DatabaseReadiness {
    pub(crate) fn new(store: SeaStore) -> Self {
        Self {
            migrations: wire::migrations(&store),
            store,
            last: Mutex::new(None),
        }
    }

    /// Whoever comes while the database is asked waits for that answer. It counts from when the
    /// question was asked, so it is never older than it seems.
    async fn verdict(&self) -> Verdict {
        let mut last = self.last.lock().await;
        if let Some(last) = last.as_ref()
            && last.at.elapsed() < FRESH
            && (last.verdict.is_err() || last.failures == self.store.failures())
        {
            return last.verdict.clone();
        }
        let (at, failures) = (Instant::now(), self.store.failures());
        let verdict = timeout(PATIENCE, self.ask()).await;
        let verdict = verdict.unwrap_or_else(|_| Err("the database does not answer".to_owned()));
        *last = Some(Last {
            at,
            failures,
            verdict: verdict.clone(),
        });
        verdict
    }

    /// What is wrong is said in words of ours; the details, which may name hosts, go to the log.
    async fn ask(&self) -> Verdict {
        self.store
            .ping()
            .await
            .map_err(|error| fault("the database does not answer", &error))?;
        let status = self.migrations.status_on(self.store.reader()).await;
        let status = status.map_err(|error| fault("the schema of the database cannot be read", &error))?;
        match status.pending_count() {
            0 => {}
            pending => return Err(format!("the database lacks {pending} migrations")),
        }
        self.store
            .check_durability()
            .await
            .map_err(|error| fault("the database is not set up to keep what it acknowledges", &error))?;
        self.store
            .check_writable()
            .await
            .map_err(|error| fault("the database does not accept writes", &error))
    }
}

impl Readiness for DatabaseReadiness {
    fn check(&self) -> BoxFuture<'_, Verdict> {
        Box::pin(self.verdict())
    }
}

fn fault(reason: &str, error: &dyn Error) -> String {
    tracing::warn!(error = with_causes(error), "not ready: {reason}");
    reason.to_owned()
}
