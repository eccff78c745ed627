//! Recovery after a process is killed during a migration.
//!
//! The killed process is this test binary, which environment variables direct to run a single test, to migrate a given
//! database and to abort after a given number of statements.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use sea_orm::{
    Database, DatabaseConnection, DbBackend, DbErr,
    sea_query::{ColumnDef, Table},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait};
use tracing::{Event, Subscriber};
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, SubscriberExt},
};
use vestibule_migrate::{Error, Migrations, Options, Position, Runner, SchemaState, sqlite};

use crate::support::{Engine, Sql, TestDatabase, history, on_each_shared_database, text};

/// The variable with the URL of the database.
const URL: &str = "TEST_PROCESS_URL";
/// The variable with the number of statements after which the process aborts; without it, its migration never ends.
const STOP_AFTER: &str = "TEST_PROCESS_STOP_AFTER";
/// The variable that selects the migrations of Vestibule.
const REAL: &str = "TEST_PROCESS_REAL";

const TABLES: Sql = Sql::new(
    "m1_tables",
    &[
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE posts (user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, title TEXT)",
        "CREATE INDEX ix_posts_title ON posts (title)",
        "INSERT INTO users VALUES (1, 'ada'), (2, NULL)",
        "INSERT INTO posts VALUES (1, 'one'), (2, 'two')",
    ],
    &["DROP TABLE posts", "DROP TABLE users"],
);
const MORE: Sql = Sql::new(
    "m3_more",
    &[
        "CREATE TABLE counts (n INTEGER)",
        "INSERT INTO counts SELECT count(*) FROM users",
        "UPDATE counts SET n = n + 1",
    ],
    &["DROP TABLE counts"],
);

/// Makes the name `NOT NULL`, on SQLite by rebuilding the table.
struct Names;

impl MigrationName for Names {
    fn name(&self) -> &'static str {
        "m2_names"
    }
}

#[async_trait]
impl MigrationTrait for Names {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = || ColumnDef::new("id").integer().not_null().primary_key().take();
        if manager.get_database_backend() == DbBackend::Sqlite {
            let name = ColumnDef::new("name").text().not_null().take();
            let users = Table::create().table("users").col(id()).col(name).take();
            return sqlite::rebuild(manager, users, &[("name", "coalesce(name, 'unnamed')")]).await;
        }
        for statement in [
            "UPDATE users SET name = 'unnamed' WHERE name IS NULL",
            "ALTER TABLE users ALTER name SET NOT NULL",
        ] {
            sea_orm::ConnectionTrait::execute_unprepared(manager.get_connection(), statement).await?;
        }
        Ok(())
    }
}

/// Prints a line when it starts, and never ends.
struct Endless;

impl MigrationName for Endless {
    fn name(&self) -> &'static str {
        "m1_tables"
    }
}

#[async_trait]
impl MigrationTrait for Endless {
    async fn up(&self, _: &SchemaManager) -> Result<(), DbErr> {
        println!("\nstarted");
        std::future::pending().await
    }
}

history!(History: TABLES, Names, MORE);
history!(Stuck: Endless);

/// Aborts the process when sqlx has logged a number of statements.
struct AbortLayer {
    after: u32,
    logged: AtomicU32,
}

impl<S: Subscriber> Layer<S> for AbortLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" && self.logged.fetch_add(1, Ordering::SeqCst) + 1 == self.after {
            process::abort();
        }
    }
}

/// The code of the killed processes. As a test of its own, it checks that the migrations complete without interruption.
#[tokio::test]
async fn process_migrates() {
    let url = env::var(URL).unwrap_or_else(|_| "sqlite::memory:".to_owned());
    let stop_after = env::var(STOP_AFTER).ok().map(|after| after.parse().expect("a number"));
    if let Some(after) = stop_after {
        let layer = AbortLayer {
            after,
            logged: AtomicU32::new(0),
        };
        tracing::subscriber::set_global_default(Registry::default().with(layer)).expect("the only one");
    }
    // Unlike in other tests, sqlx logs statements here.
    let db = Database::connect(url).await.expect("opened");
    if env::var(URL).is_ok() && stop_after.is_none() {
        let stuck = Runner::new(&db, Migrations::of::<Stuck>());
        stuck.up(Position::Head).await.expect("never");
    }
    let is_real = env::var_os(REAL).is_some();
    let history = if is_real { HistoryKind::Real } else { HistoryKind::Test };
    history.runner(&db).up(Position::Head).await.expect("applied");
    history.assert_complete(&db).await;
}

fn process(url: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this binary"));
    command.args(["--exact", "--nocapture", "killed_processes::process_migrates"]);
    command
        .env(URL, url)
        .env_remove(STOP_AFTER)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// The migrations that a process applies.
#[derive(Clone, Copy)]
enum HistoryKind {
    /// The migrations of this file, with a rebuild.
    Test,
    /// The migrations of Vestibule.
    Real,
}

impl HistoryKind {
    fn runner(self, db: &DatabaseConnection) -> Runner {
        match self {
            Self::Test => Runner::new(db, Migrations::of::<History>()),
            Self::Real => Runner::new(db, vestibule_migration::Migrator::list()),
        }
    }

    /// Checks that every migration was applied exactly once.
    async fn assert_complete(self, db: &DatabaseConnection) {
        let runner = self.runner(db);
        assert_eq!(runner.status().await.expect("read").schema_state(), SchemaState::AtHead);
        let rows = "SELECT count(*) || '' FROM ";
        let all = runner.migrations().names().count().to_string();
        assert_eq!(text(db, &format!("{rows} seaql_migrations")).await, all);
        assert_eq!(
            text(db, &format!("{rows} migration_ledger WHERE finished_at IS NOT NULL")).await,
            all
        );
        let (query, expected) = match self {
            Self::Test => (
                "SELECT max(name) || count(*) || (SELECT count(*) FROM posts) || (SELECT max(n) FROM counts) FROM users",
                "unnamed223",
            ),
            Self::Real => ("SELECT count(*) || '' FROM roles", "2"),
        };
        assert_eq!(text(db, query).await, expected);
    }
}

on_each_shared_database!(
    process_killed_after_any_statement_is_recovered_from,
    process_killed_during_real_migrations_is_recovered_from,
    killed_process_releases_the_lock,
);

async fn process_killed_after_any_statement_is_recovered_from(engine: Engine) {
    let aborted = kill_after_statements(engine, HistoryKind::Test, 1).await;
    assert!(aborted > 30, "aborted only {aborted} times");
}

/// Aborts after every seventh statement, or with `EVERY_STATEMENT` after each one, which takes two minutes.
async fn process_killed_during_real_migrations_is_recovered_from(engine: Engine) {
    let stride = if env::var_os("EVERY_STATEMENT").is_some() { 1 } else { 7 };
    let aborted = kill_after_statements(engine, HistoryKind::Real, stride).await;
    assert!(aborted > 100 / stride, "aborted only {aborted} times");
}

/// Aborts processes on empty databases after more and more statements, and completes the migrations each time.
///
/// Returns how often a process was aborted before it completed.
async fn kill_after_statements(engine: Engine, history: HistoryKind, stride: usize) -> usize {
    for (killed, after) in (1..).step_by(stride).enumerate() {
        let database = TestDatabase::new(engine).await;
        let mut command = process(&database.url);
        command.env(STOP_AFTER, after.to_string());
        if let HistoryKind::Real = history {
            command.env(REAL, "");
        }
        let exit_status = command.status().expect("it runs");
        let db = database.connect().await;
        history.runner(&db).up(Position::Head).await.expect("applied");
        history.assert_complete(&db).await;
        if exit_status.success() {
            return killed;
        }
    }
    unreachable!("the range is infinite")
}

/// A process that holds the lock during a migration until it is killed.
struct LockHolder(Child);

impl LockHolder {
    fn start(url: &str) -> Self {
        let mut child = process(url).spawn().expect("it runs");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        assert!(lines.map_while(Result::ok).any(|line| line == "started"), "it migrates");
        Self(child)
    }

    fn kill(&mut self) {
        self.0.kill().expect("it ran");
        self.0.wait().expect("it ends");
    }
}

impl Drop for LockHolder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn killed_process_releases_the_lock(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let mut holder = LockHolder::start(&database.url);
    let db = database.connect().await;
    let waiting = |lock_timeout| {
        let options = Options {
            lock_timeout,
            ..Options::default()
        };
        Runner::new(&db, Migrations::of::<History>()).with_options(options)
    };
    let error = waiting(Duration::from_millis(300))
        .up(Position::Head)
        .await
        .expect_err("locked");
    assert!(matches!(error, Error::Locked { .. }), "{error}");
    let hint = if engine == Engine::Postgres {
        "pg_terminate_backend"
    } else {
        "fuser"
    };
    assert!(error.to_string().contains(hint), "{error}");

    let killing = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        holder.kill();
    });
    let done = waiting(Duration::from_mins(1))
        .up(Position::Head)
        .await
        .expect("applied");
    assert_eq!(done.len(), 3);
    killing.join().expect("killed");
    HistoryKind::Test.assert_complete(&db).await;
}
