//! Which server the tests use.

use std::io::Write as _;
use std::sync::OnceLock;

use super::cluster::{Cluster, initdb};

const MISSING: &str = "no PostgreSQL: set TEST_POSTGRES_URL, or install PostgreSQL 15 or newer so that `initdb` is in \
                       PATH or in /usr/lib/postgresql/*/bin";

/// A server to make databases on.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) url: String,
    /// Added to `CREATE DATABASE`.
    pub(super) how_to_copy: &'static str,
    /// The private cluster, which ends with the process; `None` for a server that others use as well.
    pub(super) cluster: Option<Cluster>,
}

enum Found {
    Server(Server),
    /// None, and the tests may do without.
    Nothing,
    /// None, and every test that asks fails with this.
    Broken(String),
}

impl Server {
    fn find() -> Found {
        if let Some(url) = variable("TEST_POSTGRES_URL") {
            // SeaORM knows this scheme by its short name only.
            let url = match url.strip_prefix("postgresql://") {
                Some(rest) => format!("postgres://{rest}"),
                None => url,
            };
            return Found::Server(Self {
                url,
                how_to_copy: "",
                cluster: None,
            });
        }
        match initdb().map(|initdb| Cluster::start(&initdb)) {
            Some(Ok(cluster)) => Found::Server(Self {
                url: cluster.url().to_owned(),
                // The default writes each page to the log as well: with the files in memory the
                // checkpoints of this way are cheaper (21 ms for a database instead of 34).
                how_to_copy: " STRATEGY file_copy",
                cluster: Some(cluster),
            }),
            Some(Err(why)) => Found::Broken(format!("the private PostgreSQL did not start: {why}")),
            None => Self::missing(),
        }
    }

    fn missing() -> Found {
        let mut requirements = ["CI", "VESTIBULE_REQUIRE_POSTGRES"].into_iter();
        if let Some(name) = requirements.find(|name| variable(name).is_some()) {
            return Found::Broken(format!("{MISSING} ({name} is set)"));
        }
        // Not eprintln!, which the test harness keeps to itself when a test passes.
        let _ = writeln!(std::io::stderr(), "skipped: {MISSING}");
        Found::Nothing
    }
}

/// The server of this process, looked for or started by whoever asks first while all others wait.
pub(super) fn server() -> Option<&'static Server> {
    static FOUND: OnceLock<Found> = OnceLock::new();

    // Starting blocks the thread: a test has it to itself and cannot go on without the server.
    match FOUND.get_or_init(Server::find) {
        Found::Server(server) => Some(server),
        Found::Broken(why) => panic!("{why}"),
        Found::Nothing => None,
    }
}

/// The `initdb` of a cluster that a test needs besides that server, or `None` where tests may do without.
///
/// # Panics
/// There is none, and tests may not do without.
pub(super) fn initdb_or_skip() -> Option<std::path::PathBuf> {
    initdb().or_else(|| match Server::missing() {
        Found::Broken(why) => panic!("{why}"),
        Found::Server(_) | Found::Nothing => None,
    })
}

/// A variable of the environment, where an empty one counts as none.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
