//! Processes that are killed while they migrate, and others that go on.
//!
//! The process is this test binary, told by variables to run one test only, which then migrates the
//! database that it is given and is killed at the moment that it is given.

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
use vestibule_migrate::{Error, Migrations, Options, Point, Runner, Verdict, sqlite};

use crate::support::{Engine, Sql, TestDatabase, history, on_each_shared_database, text};

/// The database of the process.
const URL: &str = "TEST_PROCESS_URL";
/// After how many statements it is killed; without it, it stays in the middle of a migration for ever.
const STOP_AFTER: &str = "TEST_PROCESS_STOP_AFTER";
/// That it applies the migrations of Vestibule.
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

/// Gives each user a name: on SQLite by a rebuild.
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
            return sqlite::rebuild(manager, users, &[("name", "coalesce(name, 'nobody')")]).await;
        }
        for statement in [
            "UPDATE users SET name = 'nobody' WHERE name IS NULL",
            "ALTER TABLE users ALTER name SET NOT NULL",
        ] {
            sea_orm::ConnectionTrait::execute_unprepared(manager.get_connection(), statement).await?;
        }
        Ok(())
    }
}

/// Says that it has begun, and never ends.
struct Endless;

impl MigrationName for Endless {
    fn name(&self) -> &'static str {
        "m1_tables"
    }
}

#[async_trait]
impl MigrationTrait for Endless {
    async fn up(&self, _: &SchemaManager) -> Result<(), DbErr> {
        println!("\nbegun");
        std::future::pending().await
    }
}

history!(History: TABLES, Names, MORE);
history!(Stuck: Endless);

/// Kills the process when sqlx has told of so many statements.
struct Stop {
    after: u32,
    told: AtomicU32,
}

impl<S: Subscriber> Layer<S> for Stop {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" && self.told.fetch_add(1, Ordering::SeqCst) + 1 == self.after {
            process::abort();
        }
    }
}

/// What the processes do. By itself, a test that the history comes to its end when nobody stops it.
#[tokio::test]
async fn a_process_migrates() {
    let url = env::var(URL).unwrap_or_else(|_| "sqlite::memory:".to_owned());
    let stop_after = env::var(STOP_AFTER).ok().map(|after| after.parse().expect("a number"));
    if let Some(after) = stop_after {
        let stop = Stop {
            after,
            told: AtomicU32::new(0),
        };
        tracing::subscriber::set_global_default(Registry::default().with(stop)).expect("the only one");
    }
    // Unlike in other tests, sqlx tells of its statements.
    let db = Database::connect(url).await.expect("opened");
    if env::var(URL).is_ok() && stop_after.is_none() {
        let stuck = Runner::new(&db, Migrations::of::<Stuck>());
        stuck.up(Point::Head).await.expect("never");
    }
    let is_real = env::var_os(REAL).is_some();
    let which = if is_real { Which::Real } else { Which::These };
    which.runner(&db).up(Point::Head).await.expect("applied");
    which.is_whole(&db).await;
}

fn process(url: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this binary"));
    command.args(["--exact", "--nocapture", "processes::a_process_migrates"]);
    command
        .env(URL, url)
        .env_remove(STOP_AFTER)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Which migrations the process applies.
#[derive(Clone, Copy)]
enum Which {
    /// Those above, with a rebuild.
    These,
    /// Those of Vestibule.
    Real,
}

impl Which {
    fn runner(self, db: &DatabaseConnection) -> Runner {
        match self {
            Self::These => Runner::new(db, Migrations::of::<History>()),
            Self::Real => Runner::new(db, vestibule_migration::Migrator::list()),
        }
    }

    /// Everything is there once.
    async fn is_whole(self, db: &DatabaseConnection) {
        let runner = self.runner(db);
        assert_eq!(runner.status().await.expect("read").verdict(), Verdict::AtHead);
        let rows = "SELECT count(*) || '' FROM ";
        let all = runner.migrations().names().count().to_string();
        assert_eq!(text(db, &format!("{rows} seaql_migrations")).await, all);
        assert_eq!(
            text(db, &format!("{rows} migration_ledger WHERE finished_at IS NOT NULL")).await,
            all
        );
        let (query, answer) = match self {
            Self::These => (
                "SELECT max(name) || count(*) || (SELECT count(*) FROM posts) || (SELECT max(n) FROM counts) FROM users",
                "nobody223",
            ),
            Self::Real => ("SELECT count(*) || '' FROM roles", "2"),
        };
        assert_eq!(text(db, query).await, answer);
    }
}

on_each_shared_database!(
    killed_after_any_statement_the_next_goes_on,
    killed_after_statements_of_the_real_history_the_next_goes_on,
    who_is_killed_holds_nobody_up,
);

async fn killed_after_any_statement_the_next_goes_on(engine: Engine) {
    let stopped = kill_after_statements(engine, Which::These, 1).await;
    assert!(stopped > 30, "it was stopped after each of {stopped} statements");
}

/// Takes two minutes for every statement, so it takes every seventh unless `EVERY_STATEMENT` is set.
async fn killed_after_statements_of_the_real_history_the_next_goes_on(engine: Engine) {
    let stride = if env::var_os("EVERY_STATEMENT").is_some() { 1 } else { 7 };
    let stopped = kill_after_statements(engine, Which::Real, stride).await;
    assert!(stopped > 100 / stride, "it was stopped {stopped} times");
}

/// Kills a process after so many statements on an empty database, lets the next one go on, and does so with
/// more statements each time, until the process comes to its end. Gives how often it was killed.
async fn kill_after_statements(engine: Engine, which: Which, stride: usize) -> usize {
    for (killed, after) in (1..).step_by(stride).enumerate() {
        let database = TestDatabase::new(engine).await;
        let mut command = process(&database.url);
        command.env(STOP_AFTER, after.to_string());
        if let Which::Real = which {
            command.env(REAL, "");
        }
        let ended = command.status().expect("it runs");
        let db = database.connect().await;
        which.runner(&db).up(Point::Head).await.expect("goes on");
        which.is_whole(&db).await;
        if ended.success() {
            return killed;
        }
    }
    unreachable!("the numbers do not end")
}

/// A process in the middle of a migration, killed at the end.
struct Holder(Child);

impl Holder {
    fn start(url: &str) -> Self {
        let mut child = process(url).spawn().expect("it runs");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        assert!(lines.map_while(Result::ok).any(|line| line == "begun"), "it migrates");
        Self(child)
    }

    fn kill(&mut self) {
        self.0.kill().expect("it ran");
        self.0.wait().expect("it ends");
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn who_is_killed_holds_nobody_up(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let mut holder = Holder::start(&database.url);
    let db = database.connect().await;
    let waiting = |lock_timeout| {
        let options = Options {
            lock_timeout,
            ..Options::default()
        };
        Runner::new(&db, Migrations::of::<History>()).with_options(options)
    };
    let error = waiting(Duration::from_millis(300))
        .up(Point::Head)
        .await
        .expect_err("it is held up");
    assert!(matches!(error, Error::Locked { .. }), "{error}");
    let who = if engine == Engine::Postgres {
        "pg_terminate_backend"
    } else {
        "fuser"
    };
    assert!(error.to_string().contains(who), "{error}");

    let killing = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        holder.kill();
    });
    let done = waiting(Duration::from_mins(1)).up(Point::Head).await.expect("goes on");
    assert_eq!(done.len(), 3);
    killing.join().expect("killed");
    Which::These.is_whole(&db).await;
}
