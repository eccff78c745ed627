//! A bound on repeated log lines: the first is written at once, the others are counted.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::rt::{self, System, time::sleep};

/// How often repeated lines of one cause are summed up.
const SUMMARY_EVERY: Duration = Duration::from_secs(10);

/// How many causes are told apart. Further ones count as one.
const MOST_CAUSES: usize = 32;

/// What was logged of one cause since its last line.
struct Window {
    began: Instant,
    suppressed: u64,
}

static WINDOWS: LazyLock<Mutex<HashMap<String, Window>>> = LazyLock::new(Mutex::default);

/// Logs that the database refused a request: the first time at once, with the request that the current span names, and
/// then how often it happened every ten seconds.
pub(crate) fn database_unavailable(cause: &str) {
    let now = Instant::now();
    let mut windows = WINDOWS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = windows.contains_key(cause) || windows.len() < MOST_CAUSES;
    let key = if known { cause } else { "other causes" };
    if let Some(window) = windows.get_mut(key)
        && (window.suppressed > 0 || now.duration_since(window.began) < SUMMARY_EVERY)
    {
        window.suppressed += 1;
        // The first that is not logged sees to it that all are counted in the log.
        if window.suppressed == 1 {
            let rest = SUMMARY_EVERY.saturating_sub(now.duration_since(window.began));
            let key = key.to_owned();
            drop(windows);
            summarize_after(rest, key);
        }
        return;
    }
    let window = Window {
        began: now,
        suppressed: 0,
    };
    windows.insert(key.to_owned(), window);
    drop(windows);
    tracing::warn!(error = cause, "database unavailable");
}

fn summarize_after(time: Duration, key: String) {
    // Without a runtime there is no server, and nothing to wait for.
    if System::try_current().is_none() {
        return summarize(&key);
    }
    rt::spawn(async move {
        sleep(time).await;
        summarize(&key);
    });
}

fn summarize(key: &str) {
    let mut windows = WINDOWS.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(window) = windows.get_mut(key) else { return };
    let suppressed = std::mem::take(&mut window.suppressed);
    window.began = Instant::now();
    drop(windows);
    tracing::warn!(
        error = key,
        requests = suppressed,
        "database unavailable: more requests were refused for this cause in the last {} s",
        SUMMARY_EVERY.as_secs()
    );
}
