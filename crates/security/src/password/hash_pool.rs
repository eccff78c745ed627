//! Threads for hashing, so that it never holds up anything else.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;
use vestibule_domain::{
    BoxFuture, HashError, Password, PasswordAttempt, PasswordCheck, PasswordHash, PasswordHasher, Rng,
};

use super::format;
use crate::SystemRng;

/// How much nicer than the rest of the server the threads are: requests that need no hash go first.
const NICENESS: i32 = 15;

/// How passwords are hashed.
#[derive(Debug, Clone, Copy)]
pub struct HashSettings {
    /// The cost of bcrypt, 4 to 16: the logarithm of the number of its rounds.
    pub cost: u32,
    /// How many passwords are hashed at a time.
    pub threads: usize,
    /// How many may wait.
    pub queue: usize,
    /// How long one may wait.
    pub max_wait: Duration,
}

/// Hashes passwords on a fixed number of threads.
///
/// The thread is the permit: a client that goes away frees nothing while its password is still being
/// hashed. A password that still waits when its client goes away is skipped.
pub struct HashPool {
    jobs: SyncSender<Job>,
    max_wait: Duration,
    cost: u32,
    counts: Arc<Counts>,
}

/// What the pool has done and does.
#[derive(Debug, Default)]
struct Counts {
    accepted: AtomicU64,
    taken: AtomicU64,
    hashed: AtomicU64,
    ended: AtomicU64,
    refused: AtomicU64,
}

/// What a pool does at a moment, and has done until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashLoad {
    /// How many passwords wait for a thread.
    pub waiting: u64,
    /// How many are with a thread now.
    pub running: u64,
    /// How many were hashed.
    pub hashed: u64,
    /// How many were refused, because too many waited or one had waited too long.
    pub refused: u64,
}

type Job = Box<dyn FnOnce() + Send>;

impl HashPool {
    /// Starts the threads. They end with the pool.
    #[must_use]
    pub fn new(settings: HashSettings) -> Self {
        let (jobs, queue) = sync_channel::<Job>(settings.queue);
        let queue = Arc::new(Mutex::new(queue));
        for n in 0..settings.threads {
            let queue = Arc::clone(&queue);
            let started = thread::Builder::new()
                .name(format!("hash-{n}"))
                .spawn(move || work(&queue));
            if let Err(error) = started {
                tracing::error!(%error, "a thread for hashing passwords cannot be started");
            }
        }
        Self {
            jobs,
            max_wait: settings.max_wait,
            cost: settings.cost,
            counts: Arc::default(),
        }
    }

    /// How many passwords were hashed so far.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.counts.hashed.load(Relaxed)
    }

    /// What it does now.
    #[must_use]
    pub fn load(&self) -> HashLoad {
        let counts = &self.counts;
        let (ended, taken) = (counts.ended.load(Relaxed), counts.taken.load(Relaxed));
        HashLoad {
            waiting: counts.accepted.load(Relaxed).saturating_sub(taken),
            running: taken.saturating_sub(ended),
            hashed: counts.hashed.load(Relaxed),
            refused: counts.refused.load(Relaxed),
        }
    }

    fn submit<T: Send + 'static>(
        &self,
        is_abandoned: impl FnOnce() -> bool + Send + 'static,
        hash: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, HashError>> {
        let (reply, answer) = oneshot::channel();
        let (asked, max_wait, counts) = (Instant::now(), self.max_wait, Arc::clone(&self.counts));
        let job: Job = Box::new(move || {
            counts.taken.fetch_add(1, Relaxed);
            if !reply.is_closed() {
                let done = if is_abandoned() {
                    Err(HashError::Abandoned)
                } else if asked.elapsed() > max_wait {
                    counts.refused.fetch_add(1, Relaxed);
                    Err(HashError::Busy { retry_after: max_wait })
                } else {
                    counts.hashed.fetch_add(1, Relaxed);
                    catch_unwind(AssertUnwindSafe(hash)).unwrap_or_else(|_| Err(failure("hashing panicked")))
                };
                // Nobody may be left to hear it.
                let _ = reply.send(done);
            }
            counts.ended.fetch_add(1, Relaxed);
        });
        let sent = self.jobs.try_send(job);
        let count = if sent.is_ok() {
            &self.counts.accepted
        } else {
            &self.counts.refused
        };
        count.fetch_add(1, Relaxed);
        Box::pin(async move {
            match sent {
                Ok(()) => answer
                    .await
                    .unwrap_or_else(|_| Err(failure("the hashing threads have ended"))),
                // By then everything that waits now has been hashed or given up.
                Err(TrySendError::Full(_)) => Err(HashError::Busy { retry_after: max_wait }),
                Err(TrySendError::Disconnected(_)) => Err(failure("the hashing threads have ended")),
            }
        })
    }
}

impl PasswordHasher for HashPool {
    fn hash(&self, password: Password) -> BoxFuture<'_, Result<PasswordHash, HashError>> {
        let cost = self.cost;
        self.submit(never, move || {
            let mut salt = [0; 16];
            SystemRng.fill(&mut salt);
            format::hash(password.expose(), cost, salt).ok_or_else(|| failure("bcrypt refused its parameters"))
        })
    }

    fn is_usable(&self, hash: &PasswordHash) -> bool {
        format::is_usable(hash)
    }

    fn verify(
        &self,
        attempt: PasswordAttempt,
        hash: Option<PasswordHash>,
    ) -> BoxFuture<'_, Result<PasswordCheck, HashError>> {
        let (cost, password) = (self.cost, attempt.password().clone());
        self.submit(
            move || attempt.is_abandoned(),
            move || Ok(format::verify(password.expose(), hash.as_ref(), cost)),
        )
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    // On Linux this concerns the calling thread alone. Without it hashing is only less polite.
    let _ = rustix::process::setpriority_process(None, NICENESS);
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

const fn never() -> bool {
    false
}

fn failure(reason: &'static str) -> HashError {
    HashError::Failure(reason.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn pool(threads: usize, queue: usize, max_wait: Duration) -> HashPool {
        HashPool::new(HashSettings {
            cost: 4,
            threads,
            queue,
            max_wait,
        })
    }

    /// Work that holds up its thread until told to go on.
    fn blocked(pool: &HashPool) -> (BoxFuture<'_, Result<(), HashError>>, std::sync::mpsc::Sender<()>) {
        let (go, wait) = std::sync::mpsc::channel();
        let (started, is_started) = std::sync::mpsc::channel();
        let done = pool.submit(never, move || {
            started.send(()).map_err(|_| failure("nobody waits"))?;
            let _ = wait.recv();
            Ok(())
        });
        is_started.recv().expect("the thread begins");
        (done, go)
    }

    #[tokio::test]
    async fn every_sign_in_costs_one_hash() {
        let pool = pool(1, 8, LONG);
        let hash = pool.hash(Password::attempt("correct horse")).await.expect("hashed");
        let mut before = pool.hashes();
        for (stored, password, verdict) in [
            (Some(hash.clone()), "correct horse", PasswordCheck::Correct),
            (Some(hash), "wrong horse", PasswordCheck::Wrong),
            (None, "correct horse", PasswordCheck::Wrong),
            (
                Some(PasswordHash::new("not a hash".to_owned())),
                "correct horse",
                PasswordCheck::Wrong,
            ),
        ] {
            assert_eq!(
                pool.verify(PasswordAttempt::new(password), stored)
                    .await
                    .expect("verified"),
                verdict
            );
            before += 1;
            assert_eq!(pool.hashes(), before);
        }
    }

    #[tokio::test]
    async fn a_full_queue_says_when_to_come_again() {
        let pool = pool(1, 1, LONG);
        let (first, go) = blocked(&pool);
        let second = pool.hash(Password::attempt("second"));
        let third = pool.hash(Password::attempt("third")).await;
        assert!(matches!(third, Err(HashError::Busy { retry_after }) if retry_after == LONG));
        go.send(()).expect("it waits");
        assert!(first.await.is_ok() && second.await.is_ok());
        assert_eq!(pool.hashes(), 2);
    }

    #[tokio::test]
    async fn a_password_whose_client_has_gone_is_skipped() {
        let pool = pool(1, 8, LONG);
        let (first, go) = blocked(&pool);
        drop(pool.hash(Password::attempt("gone")));
        let last = pool.hash(Password::attempt("here"));
        go.send(()).expect("it waits");
        assert!(first.await.is_ok() && last.await.is_ok());
        assert_eq!(pool.hashes(), 2);
    }

    #[tokio::test]
    async fn abandoned_attempt_is_skipped_before_its_turn_and_not_after() {
        let pool = pool(1, 8, LONG);
        let hash = pool.hash(Password::attempt("correct horse")).await.expect("hashed");
        let before = pool.hashes();
        let (first, go) = blocked(&pool);
        let (attempt, client) = PasswordAttempt::of_client("correct horse");
        let waiting = pool.verify(attempt, Some(hash.clone()));
        drop(client);
        go.send(()).expect("it waits");
        assert!(first.await.is_ok());
        assert!(matches!(waiting.await, Err(HashError::Abandoned)));
        assert_eq!(pool.hashes() - before, 1, "only the first one");
        let (attempt, _client) = PasswordAttempt::of_client("correct horse");
        assert_eq!(
            pool.verify(attempt, Some(hash)).await.expect("verified"),
            PasswordCheck::Correct
        );
    }

    #[tokio::test]
    async fn a_password_that_waited_too_long_is_not_hashed() {
        let pool = pool(1, 8, Duration::ZERO);
        let late = pool.hash(Password::attempt("late")).await;
        assert!(matches!(late, Err(HashError::Busy { .. })));
        assert_eq!(pool.hashes(), 0);
    }

    #[tokio::test]
    async fn a_panic_ends_neither_the_thread_nor_the_pool() {
        let pool = pool(1, 8, LONG);
        let broken: Result<(), HashError> = pool.submit(never, || panic!("on purpose")).await;
        assert!(matches!(broken, Err(HashError::Failure(_))));
        assert!(pool.hash(Password::attempt("after")).await.is_ok());
    }
}
