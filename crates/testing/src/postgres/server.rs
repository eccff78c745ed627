//! The PostgreSQL server that the tests of a process share.

use std::io::Write as _;
use std::sync::OnceLock;

use super::cluster::{Cluster, initdb};

const MISSING: &str = "no PostgreSQL: set TEST_POSTGRES_URL, or install PostgreSQL 15 or newer so that `initdb` is in \
                       PATH or in /usr/lib/postgresql/*/bin";

/// The server on which test databases are created.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) url: String,
    /// Additional options of `CREATE DATABASE`.
    pub(super) create_options: &'static str,
    /// The private cluster, or `None` for an external server.
    pub(super) cluster: Option<Cluster>,
}

enum Lookup {
    Found(Server),
    /// There is no PostgreSQL, and tests that need it are skipped.
    Skip,
    /// There is no PostgreSQL, and tests that need it fail with this message.
    Fail(String),
}

impl Server {
    fn find() -> Lookup {
        if let Some(url) = variable("TEST_POSTGRES_URL") {
            // SeaORM supports only the short scheme.
            let url = match url.strip_prefix("postgresql://") {
                Some(rest) => format!("postgres://{rest}"),
                None => url,
            };
            return Lookup::Found(Self {
                url,
                create_options: "",
                cluster: None,
            });
        }
        match initdb().map(|initdb| Cluster::start(&initdb)) {
            Some(Ok(cluster)) => Lookup::Found(Self {
                url: cluster.url().to_owned(),
                // The default strategy also writes each page to the write-ahead log. With the files in memory, the
                // checkpoints of this strategy are cheaper (21 ms per database instead of 34).
                create_options: " STRATEGY file_copy",
                cluster: Some(cluster),
            }),
            Some(Err(error)) => Lookup::Fail(format!("the private PostgreSQL cluster did not start: {error}")),
            None => Self::missing(),
        }
    }

    fn missing() -> Lookup {
        let mut requirements = ["CI", "VESTIBULE_REQUIRE_POSTGRES"].into_iter();
        if let Some(name) = requirements.find(|name| variable(name).is_some()) {
            return Lookup::Fail(format!("{MISSING} ({name} is set)"));
        }
        // Not eprintln!, whose output the test harness hides when a test passes.
        let _ = writeln!(std::io::stderr(), "skipped: {MISSING}");
        Lookup::Skip
    }
}

/// Returns the server of this process, or `None` if tests that need it are skipped. The first call finds or starts it.
///
/// # Panics
/// There is no server, and tests must not be skipped.
pub(super) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Lookup> = OnceLock::new();

    // Starting the cluster blocks the thread. That is acceptable, because the test needs the server to continue.
    match SERVER.get_or_init(Server::find) {
        Lookup::Found(server) => Some(server),
        Lookup::Fail(error) => panic!("{error}"),
        Lookup::Skip => None,
    }
}

/// Returns the `initdb` for an additional cluster, or `None` if tests that need it are skipped.
///
/// # Panics
/// There is no `initdb`, and tests must not be skipped.
pub(super) fn initdb_or_skip() -> Option<std::path::PathBuf> {
    initdb().or_else(|| match Server::missing() {
        Lookup::Fail(error) => panic!("{error}"),
        Lookup::Found(_) | Lookup::Skip => None,
    })
}

/// Returns the value of an environment variable, or `None` if it is empty.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
