//! The example on each database, and its code in the README of the migration engine.
#![expect(clippy::expect_used, reason = "a panic fails the test")]

use std::{
    fs,
    process::{Command, Output},
};

use sea_orm::{ConnectionTrait, Database};
use serde_json::Value;
use vestibule_testing::postgres;

struct Notes {
    url: String,
}

impl Notes {
    fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
        command.env("DATABASE_URL", &self.url).args(line.split_whitespace());
        command.output().expect("started")
    }

    /// Runs a command that must succeed, and returns its output.
    fn output(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(
            output.status.success(),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    async fn execute(&self, sql: &str) {
        let db = Database::connect(&self.url).await.expect("opened");
        db.execute_unprepared(sql).await.expect("done");
        db.close().await.expect("closed");
    }
}

async fn migrates_up_and_down(notes: Notes) {
    let status = notes.run("migrate status");
    assert_eq!(status.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&status.stdout)
            .lines()
            .all(|line| line.starts_with("pending"))
    );
    assert_eq!(notes.output("migrate upgrade +1").lines().count(), 1);
    assert_eq!(
        notes.output("migrate current"),
        "m20260101_000001_create_notes (1 pending)\n"
    );
    let rows = "INSERT INTO notes (id, body) VALUES (7, 'Buy milk, bread and more than that'); \
                INSERT INTO tags VALUES (7, 'shop')";
    notes.execute(rows).await;

    assert_eq!(
        notes.output(""),
        "Buy milk, bread and \n",
        "the program migrates at startup"
    );
    assert_eq!(
        notes.output("migrate current"),
        "m20260102_000001_add_title_to_notes (head)\n"
    );
    notes
        .execute("INSERT INTO tags SELECT id, title FROM notes JOIN tags ON note_id = id")
        .await;
    assert_eq!(notes.output("migrate downgrade -1").lines().count(), 1);
    assert_eq!(notes.output("migrate upgrade head").lines().count(), 1);
    assert_eq!(notes.output("migrate upgrade head"), "nothing to apply\n");
    assert_eq!(notes.output("migrate history").lines().count(), 2);

    let status: Value = serde_json::from_str(&notes.output("migrate status --json")).expect("JSON");
    assert_eq!(status["verdict"], "at head");
    assert_eq!(status["migrations"][1]["state"], "applied");
    let unconfirmed = notes.run("migrate down 2");
    assert!(
        String::from_utf8_lossy(&unconfirmed.stderr).contains("pass --yes"),
        "{unconfirmed:?}"
    );
    assert_eq!(notes.output("migrate downgrade base").lines().count(), 2);
    assert_eq!(
        notes.output("migrate stamp head"),
        "m20260102_000001_add_title_to_notes (head)\n"
    );
}

#[tokio::test]
async fn migrates_up_and_down_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/notes.db?mode=rwc", folder.path().display());
    migrates_up_and_down(Notes { url }).await;
}

#[tokio::test]
async fn migrates_up_and_down_on_postgres() {
    if let Some(database) = postgres::empty().await {
        migrates_up_and_down(Notes {
            url: database.url().to_owned(),
        })
        .await;
    }
}

#[test]
fn readme_contains_the_code() {
    let readme = fs::read_to_string("../../crates/migrate/README.md").expect("the README");
    for file in [
        "main.rs",
        "migration/mod.rs",
        "migration/m20260102_000001_add_title_to_notes.rs",
    ] {
        let code = fs::read_to_string(format!("src/{file}")).expect("the code");
        assert!(
            readme.contains(&format!("```rust\n{code}```")),
            "the README has a different version of {file}"
        );
    }
}
