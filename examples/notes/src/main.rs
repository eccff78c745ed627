//! A note store: `notes` lists the notes, and `notes migrate …` manages the schema.

mod migration;

use std::{env, error::Error, io, process::ExitCode};

use clap::{Parser, Subcommand};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};
use vestibule_migrate::{Position, Runner, cli};

use crate::migration::Migrator;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Apply, undo or list the migrations of the database
    #[command(subcommand)]
    Migrate(cli::Command),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}"));
            eprintln!("notes: {error}{}", cause.unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Box<dyn Error>> {
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite://notes.db?mode=rwc".to_owned());
    let db = Database::connect(url).await?;
    let runner = Runner::new(&db, Migrator::list());
    if let Some(Command::Migrate(command)) = cli.command {
        let state = cli::run(&command, runner, &mut io::stdout()).await?;
        return Ok(ExitCode::from(state.exit_code()));
    }
    // Safe even if several instances start at the same time.
    runner.up(Position::Head).await?;
    show(&db).await?;
    Ok(ExitCode::SUCCESS)
}

async fn show(db: &DatabaseConnection) -> Result<(), DbErr> {
    let query = Statement::from_string(db.get_database_backend(), "SELECT title FROM notes ORDER BY id");
    for row in db.query_all_raw(query).await? {
        println!("{}", row.try_get_by_index::<String>(0)?);
    }
    Ok(())
}
