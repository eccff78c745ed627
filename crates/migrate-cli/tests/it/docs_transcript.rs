//! The console session in docs/migrations.md, run in an empty project.
//!
//! To update the page with the actual output, run `BLESS=1 cargo test -p vestibule-migrate-cli docs_transcript`.

use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/migrations.md");
const START: &str = "<!-- transcript -->\n```console\n";
const END: &str = "```\n<!-- end of the transcript -->";

const MANIFEST: &str = "\
[package]
name = \"app\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]
sea-orm = { version = \"2.0.4\", features = [\"runtime-tokio\", \"sqlx-sqlite\", \"sqlx-postgres\"] }
";

const ENTITY: &str = "\
//! Users.
pub mod user {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = \"users\")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        #[sea_orm(unique)]
        pub email: String,
        pub name: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
";

#[test]
fn docs_transcript_matches_output_in_empty_project() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = Project {
        folder: folder.path().canonicalize().expect("a path"),
    };
    project.write("Cargo.toml", &(MANIFEST.to_owned() + &profiles()));
    project.write("src/lib.rs", ENTITY);
    // Uses the tested versions, which are available offline.
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock");
    std::fs::copy(lock, project.folder.join("Cargo.lock")).expect("copied");

    let mut transcript = project.run(
        "vestibule-migrate init",
        env!("CARGO_BIN_EXE_vestibule-migrate"),
        &["init"],
    );
    let main = project.folder.join("migration/src/main.rs");
    let source = std::fs::read_to_string(&main).expect("readable");
    std::fs::write(main, source.replace("entities!()", "entities!(app::user::Entity)")).expect("written");
    transcript += "$ sed -i 's/entities!()/entities!(app::user::Entity)/' migration/src/main.rs\n";
    for line in [
        "revision --autogenerate -m \"Create users table\"",
        "upgrade head",
        "current",
        "history",
        "downgrade -1",
        "status",
    ] {
        let words = line.replace("\"Create users table\"", "Create_users_table");
        let words: Vec<String> = words.split(' ').map(|word| word.replace('_', " ")).collect();
        let args: Vec<&str> = ["migrate"]
            .into_iter()
            .chain(words.iter().map(String::as_str))
            .collect();
        transcript += &project.run(&format!("cargo migrate {line}"), env!("CARGO"), &args);
    }
    compare(&transcript);
}

/// Returns the build profiles of this workspace, so that its compiled dependencies are reused.
fn profiles() -> String {
    let manifest = include_str!("../../../../Cargo.toml");
    manifest
        .find("\n[profile.")
        .map_or_else(String::new, |at| manifest[at..].to_owned())
}

struct Project {
    folder: PathBuf,
}

impl Project {
    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        std::fs::write(path, text).expect("written");
    }

    /// Runs a command and returns it with its output, with fixed times and durations.
    fn run(&self, line: &str, program: &str, args: &[&str]) -> String {
        let output = Command::new(program)
            .args(args)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", target_dir())
            .env("CARGO_NET_OFFLINE", "true")
            .env("DATABASE_URL", "sqlite://app.db?mode=rwc")
            .env_remove("MIGRATE_POSTGRES_URL")
            .output()
            .expect("it runs");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        let succeeded = output.status.success() || line.ends_with("status");
        assert!(succeeded, "{line}: {}\n{text}", output.status);
        let text = text.replace(&format!("{}/", self.folder.display()), "");
        format!("$ {line}\n{}", normalize(&text))
    }
}

/// Returns the target directory of this test.
fn target_dir() -> &'static Path {
    let program = Path::new(env!("CARGO_BIN_EXE_vestibule-migrate"));
    program.ancestors().nth(2).expect("target/debug/vestibule-migrate")
}

/// Replaces times and durations with fixed ones.
fn normalize(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let word = |(at, word): (usize, &&str)| {
            let is_duration = word.parse::<f64>().is_ok() && words.get(at + 1).is_some_and(|unit| unit.ends_with('s'));
            if is_duration {
                "2".to_owned()
            } else {
                normalize_time(word)
            }
        };
        words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
    });
    lines.map(|line| line + "\n").collect()
}

/// Replaces the time in a word with a fixed one.
fn normalize_time(word: &str) -> String {
    const MIGRATION: usize = "m20261125_120000".len();
    if word.ends_with('Z') && word.contains('T') && word.starts_with("20") {
        return "2026-11-25T12:00:00Z".to_owned();
    }
    match word.find("m20") {
        Some(at) if word.len() > at + MIGRATION => {
            format!("{}m20261125_120000{}", &word[..at], &word[at + MIGRATION..])
        }
        _ => word.to_owned(),
    }
}

fn compare(transcript: &str) {
    let page = std::fs::read_to_string(PAGE).expect("readable");
    let (before, rest) = page.split_once(START).expect("the page has a transcript");
    let (shown, after) = rest.split_once(END).expect("the transcript ends");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, format!("{before}{START}{transcript}{END}{after}")).expect("written");
        return;
    }
    assert_eq!(transcript, shown, "BLESS=1 updates the page");
}
