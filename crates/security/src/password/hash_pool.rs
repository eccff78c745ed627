//! Password hashing on dedicated threads, so that it never blocks other work.

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

use super::bcrypt_sha256;
use crate::SystemRng;

/// The nice value of the threads, so that requests without hashing take precedence.
const NICENESS: i32 = 15;

/// The settings of a [`HashPool`].
#[derive(Debug, Clone, Copy)]
pub struct HashSettings {
    /// The cost of bcrypt, from 4 to 16: the binary logarithm of the number of rounds.
    pub cost: u32,
    /// The number of passwords that are hashed concurrently.
    pub threads: usize,
    /// The number of passwords that may wait for a thread.
    pub queue: usize,
    /// The longest time that a password may wait.
    pub max_wait: Duration,
}

/// A password hasher with a fixed number of threads.
///
/// A client that disconnects does not free a thread while its password is being hashed. A password that is still waiting
/// when its client disconnects is skipped.
pub struct HashPool {
    jobs: SyncSender<Job>,
    max_wait: Duration,
    cost: u32,
    counts: Arc<Counts>,
}

/// The counters behind [`HashLoad`].
#[derive(Debug, Default)]
struct Counts {
    accepted: AtomicU64,
    started: AtomicU64,
    hashed: AtomicU64,
    finished: AtomicU64,
    rejected: AtomicU64,
}

/// The load of a [`HashPool`] at one moment, and its totals until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashLoad {
    /// The number of passwords that are waiting for a thread.
    pub waiting: u64,
    /// The number of passwords on a thread.
    pub running: u64,
    /// The total number of passwords hashed.
    pub hashed: u64,
    /// The total number of passwords rejected, because the queue was full or they had waited too long.
    pub rejected: u64,
}

type Job = Box<dyn FnOnce() + Send>;

impl HashPool {
    /// Starts the threads. They stop when the pool is dropped.
    #[must_use]
    pub fn new(settings: HashSettings) -> Self {
        let (jobs, queue) = sync_channel::<Job>(settings.queue);
        let queue = Arc::new(Mutex::new(queue));
        for n in 0..settings.threads {
            let queue = Arc::clone(&queue);
            let spawned = thread::Builder::new()
                .name(format!("hash-{n}"))
                .spawn(move || run_jobs(&queue));
            if let Err(error) = spawned {
                tracing::error!(%error, "failed to start a password hashing thread");
            }
        }
        Self {
            jobs,
            max_wait: settings.max_wait,
            cost: settings.cost,
            counts: Arc::default(),
        }
    }

    /// Returns the total number of passwords hashed.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.counts.hashed.load(Relaxed)
    }

    /// Returns the current load.
    #[must_use]
    pub fn load(&self) -> HashLoad {
        let counts = &self.counts;
        let (finished, started) = (counts.finished.load(Relaxed), counts.started.load(Relaxed));
        HashLoad {
            waiting: counts.accepted.load(Relaxed).saturating_sub(started),
            running: started.saturating_sub(finished),
            hashed: counts.hashed.load(Relaxed),
            rejected: counts.rejected.load(Relaxed),
        }
    }

    /// Queues work for a thread. The work is skipped if it is abandoned, or has waited too long, when a thread is free.
    fn submit<T: Send + 'static>(
        &self,
        is_abandoned: impl FnOnce() -> bool + Send + 'static,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, HashError>> {
        let (sender, receiver) = oneshot::channel();
        let (submitted, max_wait, counts) = (Instant::now(), self.max_wait, Arc::clone(&self.counts));
        let job: Job = Box::new(move || {
            counts.started.fetch_add(1, Relaxed);
            if !sender.is_closed() {
                let result = if is_abandoned() {
                    Err(HashError::Abandoned)
                } else if submitted.elapsed() > max_wait {
                    counts.rejected.fetch_add(1, Relaxed);
                    Err(HashError::Busy { retry_after: max_wait })
                } else {
                    counts.hashed.fetch_add(1, Relaxed);
                    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(failure("hashing panicked")))
                };
                // The caller may have disconnected by now.
                let _ = sender.send(result);
            }
            counts.finished.fetch_add(1, Relaxed);
        });
        let queued = self.jobs.try_send(job);
        let count = if queued.is_ok() {
            &self.counts.accepted
        } else {
            &self.counts.rejected
        };
        count.fetch_add(1, Relaxed);
        Box::pin(async move {
            match queued {
                Ok(()) => receiver
                    .await
                    .unwrap_or_else(|_| Err(failure("the password hashing threads have stopped"))),
                // By then every password in the queue has been hashed or rejected.
                Err(TrySendError::Full(_)) => Err(HashError::Busy { retry_after: max_wait }),
                Err(TrySendError::Disconnected(_)) => Err(failure("the password hashing threads have stopped")),
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
            bcrypt_sha256::hash(password.expose(), cost, salt).ok_or_else(|| failure("bcrypt rejected its parameters"))
        })
    }

    fn is_usable(&self, hash: &PasswordHash) -> bool {
        bcrypt_sha256::is_usable(hash)
    }

    fn verify(
        &self,
        attempt: PasswordAttempt,
        hash: Option<PasswordHash>,
    ) -> BoxFuture<'_, Result<PasswordCheck, HashError>> {
        let (cost, password) = (self.cost, attempt.password().clone());
        self.submit(
            move || attempt.is_abandoned(),
            move || Ok(bcrypt_sha256::verify(password.expose(), hash.as_ref(), cost)),
        )
    }
}

fn run_jobs(queue: &Mutex<Receiver<Job>>) {
    // On Linux this applies to the calling thread only. Hashing works without it, but slows other requests more.
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

    /// Submits work that blocks its thread until a message is sent or the sender is dropped.
    fn submit_blocking(pool: &HashPool) -> (BoxFuture<'_, Result<(), HashError>>, std::sync::mpsc::Sender<()>) {
        let (unblock, blocked) = std::sync::mpsc::channel();
        let (started, is_started) = std::sync::mpsc::channel();
        let done = pool.submit(never, move || {
            started.send(()).map_err(|_| failure("the test has ended"))?;
            let _ = blocked.recv();
            Ok(())
        });
        is_started.recv().expect("the thread starts");
        (done, unblock)
    }

    #[tokio::test]
    async fn verify_always_hashes_once() {
        let pool = pool(1, 8, LONG);
        let hash = pool
            .hash(Password::new_unchecked("correct horse"))
            .await
            .expect("hashed");
        let mut before = pool.hashes();
        for (hash, password, expected) in [
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
                pool.verify(PasswordAttempt::new(password), hash)
                    .await
                    .expect("verified"),
                expected
            );
            before += 1;
            assert_eq!(pool.hashes(), before);
        }
    }

    #[tokio::test]
    async fn full_queue_returns_retry_after() {
        let pool = pool(1, 1, LONG);
        let (first, unblock) = submit_blocking(&pool);
        let second = pool.hash(Password::new_unchecked("second"));
        let third = pool.hash(Password::new_unchecked("third")).await;
        assert!(matches!(third, Err(HashError::Busy { retry_after }) if retry_after == LONG));
        unblock.send(()).expect("the thread is blocked");
        assert!(first.await.is_ok() && second.await.is_ok());
        assert_eq!(pool.hashes(), 2);
    }

    #[tokio::test]
    async fn password_of_disconnected_client_is_skipped() {
        let pool = pool(1, 8, LONG);
        let (first, unblock) = submit_blocking(&pool);
        drop(pool.hash(Password::new_unchecked("dropped")));
        let last = pool.hash(Password::new_unchecked("waiting"));
        unblock.send(()).expect("the thread is blocked");
        assert!(first.await.is_ok() && last.await.is_ok());
        assert_eq!(pool.hashes(), 2);
    }

    #[tokio::test]
    async fn abandoned_attempt_is_skipped() {
        let pool = pool(1, 8, LONG);
        let hash = pool
            .hash(Password::new_unchecked("correct horse"))
            .await
            .expect("hashed");
        let before = pool.hashes();
        let (first, unblock) = submit_blocking(&pool);
        let (attempt, client) = PasswordAttempt::of_client("correct horse");
        let waiting = pool.verify(attempt, Some(hash.clone()));
        drop(client);
        unblock.send(()).expect("the thread is blocked");
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
    async fn password_that_waited_too_long_is_rejected() {
        let pool = pool(1, 8, Duration::ZERO);
        let late = pool.hash(Password::new_unchecked("late")).await;
        assert!(matches!(late, Err(HashError::Busy { .. })));
        assert_eq!(pool.hashes(), 0);
    }

    #[tokio::test]
    async fn pool_survives_panic() {
        let pool = pool(1, 8, LONG);
        let broken: Result<(), HashError> = pool.submit(never, || panic!("on purpose")).await;
        assert!(matches!(broken, Err(HashError::Failure(_))));
        assert!(pool.hash(Password::new_unchecked("after")).await.is_ok());
    }
}
