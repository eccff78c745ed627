//! The program of somebody else, on each database, and the page that tells how it was made.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

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
        command.output().expect("it runs")
    }

    /// What it prints when all is well.
    fn says(&self, line: &str) -> String {
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

async fn lives(notes: Notes) {
    let status = notes.run("migrate status");
    assert_eq!(status.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&status.stdout)
            .lines()
            .all(|line| line.starts_with("pending"))
    );
    assert_eq!(notes.says("migrate upgrade +1").lines().count(), 1);
    assert_eq!(
        notes.says("migrate current"),
        "m20260101_000001_create_notes (1 pending)\n"
    );
    let rows = "INSERT INTO notes (id, body) VALUES (7, 'Buy milk, bread and more than that'); \
                INSERT INTO tags VALUES (7, 'shop')";
    notes.execute(rows).await;

    assert_eq!(notes.says(""), "Buy milk, bread and \n", "it migrates at start");
    assert_eq!(
        notes.says("migrate current"),
        "m20260102_000001_add_title_to_notes (head)\n"
    );
    notes
        .execute("INSERT INTO tags SELECT id, title FROM notes JOIN tags ON note_id = id")
        .await;
    assert_eq!(notes.says("migrate downgrade -1").lines().count(), 1);
    assert_eq!(notes.says("migrate upgrade head").lines().count(), 1);
    assert_eq!(notes.says("migrate upgrade head"), "nothing to apply\n");
    assert_eq!(notes.says("migrate history").lines().count(), 2);

    let status: Value = serde_json::from_str(&notes.says("migrate status --json")).expect("JSON");
    assert_eq!(status["verdict"], "at head");
    assert_eq!(status["migrations"][1]["state"], "applied");
    let unconfirmed = notes.run("migrate down 2");
    assert!(
        String::from_utf8_lossy(&unconfirmed.stderr).contains("pass --yes"),
        "{unconfirmed:?}"
    );
    assert_eq!(notes.says("migrate downgrade base").lines().count(), 2);
    assert_eq!(
        notes.says("migrate stamp head"),
        "m20260102_000001_add_title_to_notes (head)\n"
    );
}

#[tokio::test]
async fn it_lives_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/notes.db?mode=rwc", folder.path().display());
    lives(Notes { url }).await;
}

#[tokio::test]
async fn it_lives_on_postgres() {
    if let Some(database) = postgres::empty().await {
        lives(Notes {
            url: database.url().to_owned(),
        })
        .await;
    }
}

#[test]
fn the_page_has_the_code_as_it_is() {
    let page = fs::read_to_string("../../crates/migrate/README.md").expect("the page");
    for file in [
        "main.rs",
        "migration/mod.rs",
        "migration/m20260102_000001_add_title_to_notes.rs",
    ] {
        let code = fs::read_to_string(format!("src/{file}")).expect("the code");
        assert!(
            page.contains(&format!("```rust\n{code}```")),
            "the page has another {file}"
        );
    }
}
