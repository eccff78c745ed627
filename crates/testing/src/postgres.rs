//! PostgreSQL for tests, each with a new database.
//!
//! Tests use the server at `TEST_POSTGRES_URL`, whose role must be allowed to create databases. If the variable is not
//! set, the first test of a process starts a private cluster with the installed `initdb`, which stops when the process
//! ends or is killed. Without either, tests that need PostgreSQL are skipped with a message, or fail if `CI` or
//! `VESTIBULE_REQUIRE_POSTGRES` is set.

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

pub use self::replication::{Node, ReplicatedServers};
use self::server::{Server, server};

pub use self::tls::TlsServer;

/// The prefix of the names of test databases. The rest is a UUID of version 7, which contains the creation time.
const PREFIX: &str = "vestibule_test_";

/// The age at which a database is considered abandoned by a process that no longer runs.
const MAX_AGE: Duration = Duration::from_hours(3);

/// A database for one test. Dropping this value drops the database, even if clients are still connected.
#[derive(Debug)]
#[must_use]
pub struct Database {
    server: &'static Server,
    name: String,
    url: String,
}

impl Database {
    /// Returns the URL of the database, of the form `postgres://…/name`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    /// Drops the database, best effort. On a private cluster this does not wait, because the cluster is deleted anyway.
    /// On another server it waits, and `drop_abandoned` of a later process drops databases that remain.
    fn drop(&mut self) {
        let (server, name) = (self.server, std::mem::take(&mut self.name));
        // On a separate thread and runtime, because the runtime of the test may be shutting down.
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

/// Creates a copy of a template database, or returns `None` without PostgreSQL.
///
/// The first call of the process for `template` creates the template and calls `prepare` with its URL to fill it. Tests
/// may call this function concurrently from different runtimes. The server closes connections that `prepare` leaves
/// open.
///
/// # Panics
///
/// A database cannot be created, or PostgreSQL is missing and `CI` or `VESTIBULE_REQUIRE_POSTGRES` is set.
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
    let template = cell.get_or_init(|| create_template(&server.url, prepare)).await;
    Some(create(server, template).await)
}

/// Creates an empty database, or returns `None` without PostgreSQL.
///
/// # Panics
///
/// As [`database`].
pub async fn empty() -> Option<Database> {
    // No client can connect to template0; a database with connections cannot be copied.
    Some(create(server()?, "template0").await)
}

/// Returns the URL of the server, for tests that need more than one database, or `None` without PostgreSQL. The role
/// may create databases; on the private cluster it is a superuser.
///
/// # Panics
///
/// As [`database`].
#[must_use]
pub fn server_url() -> Option<String> {
    server().map(|server| server.url.clone())
}

/// Creates a template database and returns its name.
async fn create_template<F, Fut>(server: &str, prepare: F) -> String
where
    F: FnOnce(String) -> Fut,
    Fut: Future<Output = ()>,
{
    drop_abandoned(server)
        .await
        .unwrap_or_else(|e| panic!("cannot drop the databases of earlier tests: {e}"));
    let name = new_name();
    let create = format!(r#"CREATE DATABASE "{name}" TEMPLATE template0"#);
    execute(server, &[create])
        .await
        .unwrap_or_else(|e| panic!("cannot create a template database: {e}"));
    prepare(with_database(server, &name)).await;
    // A database with connections cannot be copied, and pools close their connections later.
    let forbid = format!(r#"ALTER DATABASE "{name}" ALLOW_CONNECTIONS false"#);
    let terminate = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'");
    execute(server, &[forbid, terminate])
        .await
        .unwrap_or_else(|e| panic!("cannot close the template `{name}`: {e}"));
    name
}

async fn create(server: &'static Server, template: &str) -> Database {
    let name = new_name();
    let create = format!(
        r#"CREATE DATABASE "{name}" TEMPLATE "{template}"{}"#,
        server.create_options
    );
    execute(&server.url, &[create])
        .await
        .unwrap_or_else(|e| panic!("cannot create a database for a test: {e}"));
    let url = with_database(&server.url, &name);
    Database { server, name, url }
}

/// Drops test databases that processes have left on the server.
async fn drop_abandoned(server: &str) -> Result<(), DbErr> {
    let connection = connect(server).await?;
    let find = format!("SELECT datname::text FROM pg_database WHERE starts_with(datname, '{PREFIX}')");
    for row in connection
        .query_all_raw(Statement::from_string(DbBackend::Postgres, find))
        .await?
    {
        let name: String = row.try_get_by_index(0)?;
        if is_abandoned(&name) {
            // Fails if another process drops it at the same time.
            let _ = connection.execute_unprepared(&drop_statement(&name)).await;
        }
    }
    connection.close().await
}

fn new_name() -> String {
    format!("{PREFIX}{}", Uuid::now_v7().simple())
}

fn is_abandoned(name: &str) -> bool {
    let seconds = |id: Uuid| id.get_timestamp().map(|time| time.to_unix().0);
    let created_at = name
        .strip_prefix(PREFIX)
        .and_then(|id| Uuid::try_parse(id).ok())
        .and_then(seconds);
    let now = seconds(Uuid::now_v7());
    created_at
        .zip(now)
        .is_some_and(|(created_at, now)| created_at + MAX_AGE.as_secs() < now)
}

fn drop_statement(name: &str) -> String {
    format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#)
}

/// Runs statements one by one on a new connection. Connections cannot be reused, because they belong to the runtime
/// that opened them, and every test has its own.
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

/// Replaces the database of a URL.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = match url.split_once('?') {
        Some((base, query)) => (base, format!("?{query}")),
        None => (url, String::new()),
    };
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    format!("{}/{name}{query}", &base[..end])
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::server::variable;
    use super::*;

    static PREPARED: AtomicUsize = AtomicUsize::new(0);

    /// Fills a template and leaves the connection open.
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
    fn template_is_copied_concurrently() {
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
    async fn empty_database_has_no_tables() {
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
    async fn private_cluster_is_durable_with_natural_collation() {
        let Some(database) = empty().await.filter(|_| variable("TEST_POSTGRES_URL").is_none()) else {
            return;
        };
        assert_eq!(text(&database, "SHOW fsync").await, "on");
        assert_eq!(text(&database, "SHOW synchronous_commit").await, "on");
        assert_eq!(text(&database, "SELECT ('a' < 'B')::text").await, "true");
    }

    #[test]
    fn with_database_replaces_database_of_url() {
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
    fn only_old_test_databases_are_abandoned() {
        let created_at = |seconds| {
            let time = uuid::Timestamp::from_unix_time(seconds, 0, 0, 0);
            format!("{PREFIX}{}", Uuid::new_v7(time).simple())
        };
        assert!(is_abandoned(&created_at(1_700_000_000)));
        assert!(!is_abandoned(&new_name()));
        assert!(!is_abandoned("vestibule_test_results"));
    }
}
