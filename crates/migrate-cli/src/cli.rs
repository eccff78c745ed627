//! The command line.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use vestibule_migrate::cli as runner;

use crate::command;
use crate::engine::Engine;
use crate::error::Error;
use crate::plan::Answers;
use crate::project::Project;
use crate::scratch::Place;

/// Migrations: written, compared, printed, checked, applied and undone.
#[derive(Debug, Parser)]
#[command(name = "cargo migrate", bin_name = "cargo migrate", disable_version_flag = true)]
struct Cli {
    /// The database to work on
    #[arg(
        long,
        value_name = "URL",
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true
    )]
    database: Option<String>,
    /// A PostgreSQL server for scratch databases
    #[arg(
        long,
        value_name = "URL",
        global = true,
        env = "MIGRATE_POSTGRES_URL",
        hide_env_values = true
    )]
    postgres: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a crate for migrations in a project that has none
    Init {
        /// The folder of the project
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// For which databases: sqlite, postgres; that of the database URL or those of the project's features when nothing is said
        #[arg(long, value_delimiter = ',')]
        engines: Vec<Engine>,
    },
    /// Write a migration: a blank one, or with --auto what leads from the migrations to the entities
    Generate {
        /// What it does, such as "Add display name to users"
        message: String,
        /// Compare the entities with what the migrations build
        #[arg(long)]
        auto: bool,
        #[command(flatten)]
        choices: Choices,
    },
    /// `generate` as Alembic has it
    Revision {
        /// What it does
        #[arg(short, long)]
        message: String,
        /// As --auto
        #[arg(long)]
        autogenerate: bool,
        #[command(flatten)]
        choices: Choices,
    },
    /// Exit with 1 when the migrations do not build what the entities describe
    Check {
        /// Which databases: sqlite, postgres; those of the project that are there when nothing is said
        #[arg(long, value_delimiter = ',')]
        engines: Vec<Engine>,
        /// Compare this database with what the migrations build instead
        #[arg(long, value_name = "URL")]
        db: Option<String>,
        /// Also go up, down and up again, migration by migration
        #[arg(long)]
        roundtrip: bool,
    },
    /// Print the SQL of the migrations, for people who apply it by hand
    Sql {
        /// For which database
        #[arg(long, default_value_t = Engine::Sqlite)]
        engine: Engine,
        /// The last migration that is there already: a name, a part of one, or `base`
        #[arg(long, value_name = "NAME")]
        from: Option<String>,
        /// The last one to print
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
    },
    /// Say what the migrations do to PostgreSQL that loses data, holds up a running server or breaks the release before
    Lint,
    #[command(flatten)]
    Run(runner::Command),
}

/// What a comparison cannot know.
#[derive(Debug, Args)]
struct Choices {
    /// For which databases: sqlite, postgres; those of the project when nothing is said
    #[arg(long, value_delimiter = ',')]
    engines: Vec<Engine>,
    /// A column or table that has another name: users.mail=email, people=users
    #[arg(long = "rename", value_name = "OLD=NEW", value_parser = pair)]
    renames: Vec<(String, String)>,
    /// SQL for the rows that are there: users.nick="''"
    #[arg(long = "fill", value_name = "TABLE.COLUMN=EXPR", value_parser = pair)]
    fills: Vec<(String, String)>,
    /// Let columns, tables, indexes and constraints go that nothing describes
    #[arg(long)]
    allow_drop: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("it has no `=`")?;
    Ok((left.to_owned(), right.to_owned()))
}

impl Choices {
    fn answers(self) -> Answers {
        Answers {
            renames: self.renames,
            fills: self.fills.into_iter().collect(),
            drops: BTreeSet::new(),
            allow_drop: self.allow_drop,
        }
    }
}

/// Runs the command line of this process for a project, and says what to exit with: 1 when something failed or
/// differs, 3 when something has to be decided first.
#[must_use]
pub fn run(project: &Project) -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(execute(project, cli)),
        Err(error) => Err(Error::Usage(error.to_string())),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::from(if matches!(error, Error::Undecided(_)) { 3 } else { 1 })
    })
}

async fn execute(project: &Project, cli: Cli) -> Result<ExitCode, Error> {
    let Cli {
        database,
        postgres,
        command,
    } = cli;
    let server = Server(postgres);
    match command {
        Command::Init { folder, engines } => {
            command::init::init(&folder, &engines, database.as_deref()).map(|()| ExitCode::SUCCESS)
        }
        Command::Generate { message, auto, choices }
        | Command::Revision {
            message,
            autogenerate: auto,
            choices,
        } => {
            if !auto {
                return command::generate::blank(project, &message).map(|()| ExitCode::SUCCESS);
            }
            let engines = if choices.engines.is_empty() {
                project.engines
            } else {
                &choices.engines
            };
            let places = server.places(engines)?;
            let asks = std::io::stdin().is_terminal();
            command::generate::auto(project, &message, &places, choices.answers(), asks).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check { engines, db, roundtrip } => {
            let places = if engines.is_empty() {
                server.reachable(project.engines)
            } else {
                server.places(&engines)?
            };
            let same = match db {
                Some(url) => command::check::live(project, &url, &places).await?,
                None => command::check::entities(project, &places).await?,
            };
            if roundtrip {
                command::check::roundtrip(project, &places).await?;
            }
            Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Sql { engine, from, to } => {
            let place = &server.places(&[engine])?[0];
            command::sql::print(project, place, from.as_deref(), to.as_deref()).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Lint => {
            let good = command::lint::lint(project, &server.places(&[Engine::Postgres])?[0]).await?;
            Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Run(command) => {
            let url =
                database.ok_or_else(|| Error::Usage("which database? --database URL, or DATABASE_URL".to_owned()))?;
            command::run::run(project, &url, &command).await
        }
    }
}

/// The server for scratch databases of PostgreSQL, if one is known.
struct Server(Option<String>);

impl Server {
    /// Where scratch databases of these engines are made.
    fn places(&self, engines: &[Engine]) -> Result<Vec<Place>, Error> {
        let place = |engine: &Engine| match (engine, &self.0) {
            (Engine::Sqlite, _) => Ok(Place::Memory),
            (Engine::Postgres, Some(url)) => Ok(Place::Server(url.clone())),
            (Engine::Postgres, None) => Err(Error::Usage(
                "no PostgreSQL to try it on: set MIGRATE_POSTGRES_URL to a server whose role may create databases, \
                 or say --engines sqlite if the project knows no other"
                    .to_owned(),
            )),
        };
        engines.iter().map(place).collect()
    }

    /// Where scratch databases can be made at all.
    fn reachable(&self, engines: &[Engine]) -> Vec<Place> {
        let there = |engine: &&Engine| **engine == Engine::Sqlite || self.0.is_some();
        let (there, passed): (Vec<Engine>, Vec<Engine>) = engines.iter().partition(there);
        for engine in passed {
            eprintln!("passed over: {engine} (MIGRATE_POSTGRES_URL is not set)");
        }
        self.places(&there).unwrap_or_default()
    }
}
