//! The command line of `cargo migrate`.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use vestibule_migrate::cli as runner;

use crate::command;
use crate::diff::Decisions;
use crate::engine::Engine;
use crate::error::Error;
use crate::project::Project;
use crate::scratch::ScratchHost;

/// Generate, compare, check, lint, print and run database migrations.
#[derive(Debug, Parser)]
#[command(name = "cargo migrate", bin_name = "cargo migrate", disable_version_flag = true)]
struct Cli {
    /// URL of the database to migrate
    #[arg(
        long,
        value_name = "URL",
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true
    )]
    database: Option<String>,
    /// URL of a PostgreSQL server for scratch databases, whose role may create databases
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
    /// Create the migration crate of a project
    Init {
        /// Directory of the project
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// Engines to support: sqlite, postgres; by default those of the database URL or of the project's features
        #[arg(long, value_delimiter = ',')]
        engines: Vec<Engine>,
    },
    /// Create a migration: an empty one, or with --auto the changes that make the schema match the entities
    Generate {
        /// Summary of the change, such as "Add display name to users"
        message: String,
        /// Compare the entities with what the migrations build
        #[arg(long)]
        auto: bool,
        #[command(flatten)]
        options: GenerateOptions,
    },
    /// Create a migration, in the syntax of Alembic
    Revision {
        /// Summary of the change
        #[arg(short, long)]
        message: String,
        /// Same as `generate --auto`
        #[arg(long)]
        autogenerate: bool,
        #[command(flatten)]
        options: GenerateOptions,
    },
    /// Check that the migrations build what the entities describe; exits with 1 if not
    Check {
        /// Engines to check: sqlite, postgres; by default those of the project for which a scratch database is available
        #[arg(long, value_delimiter = ',')]
        engines: Vec<Engine>,
        /// Compare this database with the migrations instead
        #[arg(long, value_name = "URL")]
        db: Option<String>,
        /// Also run every migration up, down and up again
        #[arg(long)]
        roundtrip: bool,
    },
    /// Print the SQL of migrations for manual application
    Sql {
        /// Engine of the database
        #[arg(long, default_value_t = Engine::Sqlite)]
        engine: Engine,
        /// Start after this migration: its name, a unique part of it, or `base`
        #[arg(long, value_name = "NAME")]
        from: Option<String>,
        /// End with this migration
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
    },
    /// Report PostgreSQL statements that lose data, block a running server or break the previous release
    Lint,
    #[command(flatten)]
    Run(runner::Command),
}

/// Options of `generate --auto`.
#[derive(Debug, Args)]
struct GenerateOptions {
    /// Engines to generate for: sqlite, postgres; by default those of the project
    #[arg(long, value_delimiter = ',')]
    engines: Vec<Engine>,
    /// A renamed column or table: users.mail=email, people=users. If both were renamed, the column may be given with the
    /// old or the new name of its table
    #[arg(long = "rename", value_name = "OLD=NEW", value_parser = pair)]
    renames: Vec<(String, String)>,
    /// SQL value for existing rows: users.nick="''"
    #[arg(long = "backfill", alias = "fill", value_name = "TABLE.COLUMN=EXPR", value_parser = pair)]
    backfills: Vec<(String, String)>,
    /// Drop columns, tables, indexes and constraints that the entities do not describe
    #[arg(long)]
    allow_drop: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("expected `=`")?;
    Ok((left.to_owned(), right.to_owned()))
}

impl GenerateOptions {
    fn decisions(self) -> Decisions {
        Decisions {
            renames: self.renames,
            backfills: self.backfills.into_iter().collect(),
            drops: BTreeSet::new(),
            allow_drop: self.allow_drop,
        }
    }
}

/// Parses the command line of this process and runs it for a project.
///
/// Returns the exit code: 1 if the command failed or found a difference, 3 if decisions are required.
#[must_use]
pub fn run(project: &Project) -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(execute(project, cli)),
        Err(error) => Err(Error::Usage(error.to_string())),
    };
    result.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::from(if matches!(error, Error::Ambiguous(_)) { 3 } else { 1 })
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
        Command::Generate { message, auto, options }
        | Command::Revision {
            message,
            autogenerate: auto,
            options,
        } => {
            if !auto {
                return command::generate::blank(project, &message).map(|()| ExitCode::SUCCESS);
            }
            let engines = if options.engines.is_empty() {
                project.engines
            } else {
                &options.engines
            };
            let hosts = server.hosts(engines)?;
            let interactive = std::io::stdin().is_terminal();
            command::generate::auto(project, &message, &hosts, options.decisions(), interactive).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check { engines, db, roundtrip } => {
            let hosts = if engines.is_empty() {
                server.available_hosts(project.engines)
            } else {
                server.hosts(&engines)?
            };
            let matches = match db {
                Some(url) => command::check::live(project, &url, &hosts).await?,
                None => command::check::entities(project, &hosts).await?,
            };
            if roundtrip {
                command::check::roundtrip(project, &hosts).await?;
            }
            Ok(if matches { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Sql { engine, from, to } => {
            let host = &server.hosts(&[engine])?[0];
            command::sql::print(project, host, from.as_deref(), to.as_deref()).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Lint => {
            let passed = command::lint::lint(project, &server.hosts(&[Engine::Postgres])?[0]).await?;
            Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Run(command) => {
            let url = database
                .ok_or_else(|| Error::Usage("no database: pass --database URL or set DATABASE_URL".to_owned()))?;
            command::run(project, &url, &command).await
        }
    }
}

/// The URL of the PostgreSQL server for scratch databases, if configured.
struct Server(Option<String>);

impl Server {
    /// Returns the hosts of scratch databases for these engines.
    fn hosts(&self, engines: &[Engine]) -> Result<Vec<ScratchHost>, Error> {
        let host = |engine: &Engine| {
            match (engine, &self.0) {
            (Engine::Sqlite, _) => Ok(ScratchHost::Memory),
            (Engine::Postgres, Some(url)) => Ok(ScratchHost::Server(url.clone())),
            (Engine::Postgres, None) => Err(Error::Usage(
                "no PostgreSQL server for scratch databases: set MIGRATE_POSTGRES_URL to one whose role may create databases, \
                 or pass --engines sqlite if the project supports only SQLite"
                    .to_owned(),
            )),
        }
        };
        engines.iter().map(host).collect()
    }

    /// Returns the hosts that are configured, and reports the engines that are skipped.
    fn available_hosts(&self, engines: &[Engine]) -> Vec<ScratchHost> {
        let is_available = |engine: &&Engine| **engine == Engine::Sqlite || self.0.is_some();
        let (available, skipped): (Vec<Engine>, Vec<Engine>) = engines.iter().partition(is_available);
        for engine in skipped {
            eprintln!("skipped: {engine} (MIGRATE_POSTGRES_URL is not set)");
        }
        self.hosts(&available).unwrap_or_default()
    }
}
