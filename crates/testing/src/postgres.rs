//! PostgreSQL for the tests: a fresh database each, on a server of their own.
//!
//! The server is the one at `TEST_POSTGRES_URL` (a role that may create databases), or else a private
//! cluster that the first test of a process starts from the installed `initdb` and that ends with the
//! process, however it ends. Where there is neither, tests have no database and say so; with `CI` or
//! `VESTIBULE_REQUIRE_POSTGRES` set that is a failure.

mod cluster;
mod replication;
mod server;
mod tls;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbBackend, DbErr, Statement,
};
use tokio::sync::OnceCell;
use uuid::Uuid;

pub use self::replication::{Node, Replicated};
use self::server::{Server, server};

pub use self::tls::TlsServer;

/// Begins the name of every database made here; the rest is a UUID of version 7, which tells its age.
const PREFIX: &str = "vestibule_test_";

/// A database that is older than this was left behind by a process that is gone.
const LEFT_BEHIND: Duration = Duration::from_hours(3);

/// A database that a test has to itself. It is dropped with this value, whoever is still connected.
#[derive(Debug)]
#[must_use]
pub struct Database {
    server: &'static Server,
    name: String,
    url: String,
}

impl Database {
    /// The URL to connect with, of the form `postgres://…/name`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    /// Best effort. What the end of the process cuts off goes away with the private cluster; on a lasting
    /// server this waits, and a later process sweeps up what still was left.
    fn drop(&mut self) {
        let (server, name) = (self.server, std::mem::take(&mut self.name));
        // The runtime of the test may be closing, so the statement has a thread and a runtime of its own.
        let dropping = std::thread::Builder::new().spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let _ = runtime.block_on(execute(&server.url, &[drop_statement(&name)]));
            std::io::Result::Ok(())
        });
        if let (Ok(dropping), None) = (dropping, &server.cluster) {
            let _ = dropping.join();
        }
    }
}

/// A fresh copy of a prepared database, or `None` without PostgreSQL.
///
/// The first call of the process for `template` makes a database and has `prepare` fill it through its URL;
/// every call gets a copy of that one. Tests may call this at the same time from runtimes of their own.
/// Connections that `prepare` leaves open are closed from the server's side.
///
/// # Panics
///
/// When a database cannot be made, and without PostgreSQL where `CI` or `VESTIBULE_REQUIRE_POSTGRES` is set.
pub async fn database<F, Fut>(template: &str, prepare: F) -> Option<Database>
where
    F: FnOnce(String) -> Fut,
    Fut: Future<Output = ()>,
{
    static TEMPLATES: LazyLock<Mutex<HashMap<String, Arc<OnceCell<String>>>>> = LazyLock::new(Mutex::default);

    let server = server()?;
    let cell = {
        let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(templates.entry(template.to_owned()).or_default())
    };
    let template = cell.get_or_init(|| prepared(&server.url, prepare)).await;
    Some(create(server, template).await)
}

/// A fresh database with nothing in it, or `None` without PostgreSQL.
///
/// # Panics
///
/// As [`database`].
pub async fn empty() -> Option<Database> {
    // Nobody can be connected to template0, which would forbid to copy it.
    Some(create(server()?, "template0").await)
}

/// The URL of the server itself, for tests that have to do with more than one database: its role may create
/// databases, and on the private cluster everything. `None` without PostgreSQL.
///
/// # Panics
///
/// As [`database`].
#[must_use]
pub fn server_url() -> Option<String> {
    server().map(|server| server.url.clone())
}

/// Makes the database that others will be copies of, and gives its name.
async fn prepared<F, Fut>(server: &str, prepare: F) -> String
where
    F: FnOnce(String) -> Fut,
    Fut: Future<Output = ()>,
{
    sweep(server)
        .await
        .unwrap_or_else(|e| panic!("cannot drop what earlier tests left on PostgreSQL: {e}"));
    let name = fresh_name();
    let create = format!(r#"CREATE DATABASE "{name}" TEMPLATE template0"#);
    execute(server, &[create])
        .await
        .unwrap_or_else(|e| panic!("cannot create a database for the tests: {e}"));
    prepare(with_database(server, &name)).await;
    // A database with connections cannot be copied, and a pool may close its own only later.
    let close = format!(r#"ALTER DATABASE "{name}" ALLOW_CONNECTIONS false"#);
    let cut = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'");
    execute(server, &[close, cut])
        .await
        .unwrap_or_else(|e| panic!("cannot close the template `{name}`: {e}"));
    name
}

async fn create(server: &'static Server, template: &str) -> Database {
    let name = fresh_name();
    let create = format!(
        r#"CREATE DATABASE "{name}" TEMPLATE "{template}"{}"#,
        server.how_to_copy
    );
    execute(&server.url, &[create])
        .await
        .unwrap_or_else(|e| panic!("cannot create a database for a test: {e}"));
    let url = with_database(&server.url, &name);
    Database { server, name, url }
}

/// Drops the databases of processes that ended long ago, which a lasting server would collect.
async fn sweep(server: &str) -> Result<(), DbErr> {
    let connection = connect(server).await?;
    let find = format!("SELECT datname::text FROM pg_database WHERE starts_with(datname, '{PREFIX}')");
    for row in connection
        .query_all_raw(Statement::from_string(DbBackend::Postgres, find))
        .await?
    {
        let name: String = row.try_get_by_index(0)?;
        if is_left_behind(&name) {
            // Another process may be at the same work.
            let _ = connection.execute_unprepared(&drop_statement(&name)).await;
        }
    }
    connection.close().await
}

fn fresh_name() -> String {
    format!("{PREFIX}{}", Uuid::now_v7().simple())
}

fn is_left_behind(name: &str) -> bool {
    let time_of = |id: Uuid| id.get_timestamp().map(|time| time.to_unix().0);
    let made = name
        .strip_prefix(PREFIX)
        .and_then(|id| Uuid::try_parse(id).ok())
        .and_then(time_of);
    let now = time_of(Uuid::now_v7());
    made.zip(now)
        .is_some_and(|(made, now)| made + LEFT_BEHIND.as_secs() < now)
}

fn drop_statement(name: &str) -> String {
    format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#)
}

/// Runs statements one by one on a connection that does not outlive this call: a connection belongs to the
/// runtime it was opened in, and every test has its own.
async fn execute(url: &str, statements: &[String]) -> Result<(), DbErr> {
    let connection = connect(url).await?;
    for statement in statements {
        connection.execute_unprepared(statement).await?;
    }
    connection.close().await
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    SeaDatabase::connect(options).await
}

/// The same URL for another database.
fn with_database(url: &str, name: &str) -> String {
    let (place, query) = match url.split_once('?') {
        Some((place, query)) => (place, format!("?{query}")),
        None => (url, String::new()),
    };
    let authority = place.find("://").map_or(0, |at| at + 3);
    let end = place[authority..].find('/').map_or(place.len(), |at| authority + at);
    format!("{}/{name}{query}", &place[..end])
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::server::variable;
    use super::*;

    static PREPARED: AtomicUsize = AtomicUsize::new(0);

    /// Fills a template and leaves its connection open, as a careless caller would.
    async fn prepare(url: String) {
        PREPARED.fetch_add(1, Ordering::SeqCst);
        let connection = connect(&url).await.unwrap_or_else(|e| panic!("{e}"));
        connection
            .execute_unprepared("CREATE TABLE note (text text)")
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        std::mem::forget(connection);
    }

    async fn text(database: &Database, query: &str) -> String {
        let statement = Statement::from_string(DbBackend::Postgres, query);
        let row = match connect(database.url()).await {
            Ok(connection) => connection.query_one_raw(statement).await,
            Err(error) => Err(error),
        };
        let text = row.and_then(|row| row.map_or(Ok(String::new()), |row| row.try_get_by_index(0)));
        text.unwrap_or_else(|e| panic!("{query}: {e}"))
    }

    #[test]
    fn copies_of_one_template_are_made_at_the_same_time_and_kept_apart() {
        let test = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap_or_else(|e| panic!("{e}")).block_on(async {
                let Some(database) = database("notes", prepare).await else {
                    return;
                };
                let insert = "INSERT INTO note VALUES ('mine')".to_owned();
                execute(database.url(), &[insert])
                    .await
                    .unwrap_or_else(|e| panic!("{e}"));
                assert_eq!(text(&database, "SELECT count(*)::text FROM note").await, "1");
                assert_eq!(PREPARED.load(Ordering::SeqCst), 1);
            });
        };
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(test);
            }
        });
    }

    #[tokio::test]
    async fn an_empty_database_has_no_tables() {
        let Some(database) = empty().await else {
            return;
        };
        let count = text(
            &database,
            "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'",
        )
        .await;
        assert_eq!(count, "0");
    }

    #[tokio::test]
    async fn the_private_cluster_is_durable_and_sorts_as_people_do() {
        let Some(database) = empty().await.filter(|_| variable("TEST_POSTGRES_URL").is_none()) else {
            return;
        };
        assert_eq!(text(&database, "SHOW fsync").await, "on");
        assert_eq!(text(&database, "SHOW synchronous_commit").await, "on");
        assert_eq!(text(&database, "SELECT ('a' < 'B')::text").await, "true");
    }

    #[test]
    fn a_url_is_turned_to_another_database() {
        assert_eq!(
            with_database("postgres://me:pw@host:1/postgres", "x"),
            "postgres://me:pw@host:1/x"
        );
        assert_eq!(with_database("postgres://host", "x"), "postgres://host/x");
        assert_eq!(
            with_database("postgres://h/?host=/run/pg", "x"),
            "postgres://h/x?host=/run/pg"
        );
    }

    #[test]
    fn only_old_databases_with_our_name_are_left_behind() {
        let of = |seconds| {
            let time = uuid::Timestamp::from_unix_time(seconds, 0, 0, 0);
            format!("{PREFIX}{}", Uuid::new_v7(time).simple())
        };
        assert!(is_left_behind(&of(1_700_000_000)));
        assert!(!is_left_behind(&fresh_name()));
        assert!(!is_left_behind("vestibule_test_results"));
    }
}
