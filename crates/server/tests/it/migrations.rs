//! Migrations by the program: concurrent and killed starts, and every subcommand.

use std::{process::Stdio, thread, time::Instant};

use rustix::process::Signal;
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::Value;
use vestibule_testing::postgres;

use crate::support::{Folder, Server, on_each_database, stderr, stdout};

const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";

/// Returns the number of migrations.
fn count() -> usize {
    vestibule_migration::Migrator::list().names().count()
}

fn start(folder: &Folder, url: &str) -> Server {
    folder.serve_with(&[("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)])
}

fn number(url: &str, query: &str) -> i64 {
    actix_web::rt::System::new().block_on(async {
        let db = Database::connect(url).await.expect("opened");
        let query = Statement::from_string(db.get_database_backend(), query);
        let row = db.query_one_raw(query).await.expect("read").expect("a row");
        row.try_get_by_index(0).expect("a number")
    })
}

#[test]
fn concurrent_starts_apply_each_migration_once() {
    on_each_database(|folder, url| {
        let servers: Vec<Server> = thread::scope(|scope| {
            let starts: Vec<_> = (0..16).map(|_| scope.spawn(|| start(folder, url))).collect();
            starts
                .into_iter()
                .map(|start| start.join().expect("the server starts"))
                .collect()
        });
        for server in &servers {
            assert_eq!(server.get("/health/ready", None).status, 200);
        }
        let logs: Vec<String> = servers.into_iter().flat_map(Server::stop_with_full_log).collect();
        for name in vestibule_migration::Migrator::list().names() {
            let applied = logs
                .iter()
                .filter(|line| line.contains("applied") && line.contains(name));
            assert_eq!(applied.count(), 1, "{name} in {logs:#?}");
        }
        let applied = "SELECT count(*) FROM migration_ledger WHERE how = 'up' AND finished_at IS NOT NULL";
        assert_eq!(usize::try_from(number(url, applied)), Ok(count()));
        assert_eq!(number(url, "SELECT count(*) FROM roles"), 2);
    });
}

#[test]
fn killed_start_can_be_repeated() {
    const KILLS: u32 = 10;
    on_each_database(|folder, url| {
        let started = Instant::now();
        start(folder, url).signal(Signal::KILL);
        let startup_time = started.elapsed();
        for kill in 0..KILLS {
            let folder = Folder::new();
            let is_postgres = url.starts_with("postgres");
            let database = is_postgres.then(|| actix_web::rt::System::new().block_on(postgres::empty()));
            let database = database.flatten();
            let file = format!("sqlite://{}/test.db", folder.path().display());
            let url = database.as_ref().map_or(file.as_str(), postgres::Database::url);
            let mut command = folder.command(&[]);
            command.env("DATABASE_URL", url).env("VESTIBULE_SECRET_KEY", KEY);
            let mut child = command.stderr(Stdio::null()).spawn().expect("the server starts");
            thread::sleep(startup_time * kill / KILLS);
            child.kill().expect("killed");
            child.wait().expect("exited");

            let server = start(&folder, url);
            assert_eq!(
                server.get("/health/ready", None).status,
                200,
                "killed after {kill} of {KILLS} parts"
            );
            assert_eq!(
                usize::try_from(number(url, "SELECT count(*) FROM seaql_migrations")),
                Ok(count())
            );
            assert_eq!(number(url, "SELECT count(*) FROM roles"), 2);
        }
    });
}

/// The commands of Alembic in `docs/moving-from-fastapi.md`.
#[test]
fn alembic_syntax_of_the_guide_works() {
    let folder = Folder::new();
    let run = |line: &str| {
        let output = folder.run(&line.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(run("migrate upgrade head").lines().count(), count());
    assert_eq!(run("migrate downgrade -1").lines().count(), 1);
    assert!(run("migrate current").ends_with(" (1 pending)\n"));
    assert_eq!(run("migrate upgrade +1").lines().count(), 1);
    assert!(run("migrate current").ends_with(" (head)\n"));
    assert_eq!(run("migrate history").lines().count(), count());
    assert_eq!(run("migrate redo").lines().count(), 2);
    assert_eq!(run("migrate downgrade base").lines().count(), count());
}

#[test]
fn migrate_status_has_json_and_exit_codes() {
    let folder = Folder::new();
    let status = |code: i32| {
        let output = folder.run(&["migrate", "status", "--json"]);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        let status: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        status["verdict"].as_str().expect("a word").to_owned()
    };
    assert_eq!(status(2), "pending");
    assert!(folder.run(&["migrate", "up"]).status.success());
    assert_eq!(status(0), "at head");

    let rejected = folder.run(&["migrate", "down", "2"]);
    assert_eq!(rejected.status.code(), Some(1));
    assert!(
        stderr(&rejected).contains("this would undo 2 migrations"),
        "{}",
        stderr(&rejected)
    );
    assert_eq!(status(0), "at head");
    assert!(folder.run(&["migrate", "down", "2", "--yes"]).status.success());
    assert_eq!(status(2), "pending");
    let ambiguous = folder.run(&["migrate", "up", "--to", "create"]);
    assert!(
        stderr(&ambiguous).contains("matches several migrations"),
        "{}",
        stderr(&ambiguous)
    );
    assert!(folder.run(&["migrate", "up", "--to", "mails"]).status.success());
    assert!(folder.run(&["migrate", "stamp", "head"]).status.success());
    assert_eq!(status(0), "at head");
}

#[test]
fn old_server_starts_on_a_newer_database() {
    on_each_database(|folder, url| {
        assert_eq!(start(folder, url).get("/health/ready", None).status, 200);
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_newer', 0)";
        actix_web::rt::System::new().block_on(async {
            let db = Database::connect(url).await.expect("opened");
            db.execute_unprepared(newer).await.expect("written");
        });
        let server = start(folder, url);
        assert_eq!(server.get("/health/ready", None).status, 200);
        let logs = server.stop_with_full_log();
        assert!(
            logs.iter().any(|line| line.contains("newer than this program")),
            "{logs:?}"
        );
        let mut command = folder.command(&["migrate", "status"]);
        command.env("DATABASE_URL", url).env("VESTIBULE_SECRET_KEY", KEY);
        let output = command.output().expect("the program runs");
        assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
        assert!(
            stdout(&output).contains("unknown      m99990101_000001_newer"),
            "{}",
            stdout(&output)
        );
    });
}
