//! Rate limiting of repeated log lines: the first is logged immediately, the rest are counted.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::rt::{self, System, time::sleep};

/// The interval at which repeated lines with the same cause are summarized.
const SUMMARY_EVERY: Duration = Duration::from_secs(10);

/// The number of causes of an event that are counted separately. All further causes share one counter.
const MAX_CAUSES: usize = 32;

/// The lines with one cause since the last logged one.
struct Window {
    started_at: Instant,
    suppressed: u64,
}

/// The windows by event and cause.
static WINDOWS: LazyLock<Mutex<HashMap<Key, Window>>> = LazyLock::new(Mutex::default);

type Key = (&'static str, String);

/// Logs an event that affected a request: immediately the first time, with the request of the current span, then as a
/// count every ten seconds.
pub(crate) fn warn(event: &'static str, cause: &str) {
    let now = Instant::now();
    let mut windows = WINDOWS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut key = (event, cause.to_owned());
    let causes = windows.keys().filter(|(other, _)| *other == event).count();
    if !windows.contains_key(&key) && causes >= MAX_CAUSES {
        "other causes".clone_into(&mut key.1);
    }
    if let Some(window) = windows.get_mut(&key)
        && (window.suppressed > 0 || now.duration_since(window.started_at) < SUMMARY_EVERY)
    {
        window.suppressed += 1;
        // The first suppressed line schedules the summary.
        if window.suppressed == 1 {
            let remaining = SUMMARY_EVERY.saturating_sub(now.duration_since(window.started_at));
            drop(windows);
            summarize_after(remaining, key);
        }
        return;
    }
    let window = Window {
        started_at: now,
        suppressed: 0,
    };
    windows.insert(key, window);
    drop(windows);
    tracing::warn!(error = cause, "{event}");
}

fn summarize_after(delay: Duration, key: Key) {
    // Without a runtime, as in tests, there is nothing to spawn the timer on.
    if System::try_current().is_none() {
        return summarize(&key);
    }
    rt::spawn(async move {
        sleep(delay).await;
        summarize(&key);
    });
}

fn summarize(key: &Key) {
    let mut windows = WINDOWS.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(window) = windows.get_mut(key) else { return };
    let suppressed = std::mem::take(&mut window.suppressed);
    window.started_at = Instant::now();
    drop(windows);
    tracing::warn!(
        error = key.1,
        requests = suppressed,
        "{}: more requests failed with this cause in the last {} s",
        key.0,
        SUMMARY_EVERY.as_secs()
    );
}
