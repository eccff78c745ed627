//! Migration subcommands for programs that parse their command line with clap.
//!
//! ```ignore
//! #[derive(clap::Subcommand)]
//! enum Command {
//!     Serve,
//!     /// Apply, undo and list migrations
//!     #[command(subcommand)]
//!     Migrate(vestibule_migrate::cli::Command),
//! }
//! // …
//! let state = vestibule_migrate::cli::run(&command, runner, &mut std::io::stdout()).await?;
//! return ExitCode::from(state.exit_code());
//! ```

mod output;
mod target;

use std::io::{self, Write};

use clap::Subcommand;

use crate::{Error, MigrationState, Options, Position, Runner, SchemaState, Target};

/// A migration subcommand.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Apply pending migrations
    Up {
        /// Number of migrations to apply; all by default
        #[arg(value_name = "N")]
        steps: Option<u32>,
        /// Apply migrations up to and including this one: its name or a unique part of it
        #[arg(long, value_name = "NAME", conflicts_with = "steps")]
        to: Option<String>,
        /// Also apply migrations that are older than an applied one
        #[arg(long)]
        allow_out_of_order: bool,
    },
    /// Undo the newest applied migration, or several
    Down {
        /// Number of migrations to undo
        #[arg(value_name = "N", default_value_t = 1)]
        steps: u32,
        /// Undo all migrations after this one: its name, a unique part of it, or `base`
        #[arg(long, value_name = "NAME", conflicts_with = "steps")]
        to: Option<String>,
        /// Confirm undoing more than one migration
        #[arg(long)]
        yes: bool,
    },
    /// Undo the newest applied migration and apply it again
    Redo,
    /// List all migrations; exits with 0 at head, 2 if some are pending, 4 if the database does not match
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List migrations, newest first, with the time, duration and tool that applied them
    History,
    /// Print the newest applied migration
    Current,
    /// Record the database as being at a position, without running anything
    Stamp {
        /// `head`, `base`, a name, or a unique part of one
        position: String,
    },
    /// Apply migrations, in the syntax of Alembic
    Upgrade {
        /// `head`, `+N`, or a name
        target: String,
        /// Also apply migrations that are older than an applied one
        #[arg(long)]
        allow_out_of_order: bool,
    },
    /// Undo migrations without confirmation, in the syntax of Alembic
    Downgrade {
        /// `-N`, `base`, or a name
        #[arg(allow_hyphen_values = true)]
        target: String,
    },
}

/// The reason why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The migrations failed.
    #[error(transparent)]
    Migrations(#[from] Error),
    /// The command would undo several migrations and was not confirmed.
    #[error("this would undo {0} migrations and delete the data in their tables and columns; pass --yes to confirm")]
    ConfirmationRequired(usize),
    /// The output cannot be written.
    #[error("cannot write the output")]
    Io(#[from] io::Error),
}

impl SchemaState {
    /// Returns the exit code of the `status` command.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::AtHead => 0,
            Self::Pending => 2,
            Self::Mismatch => 4,
        }
    }
}

/// Runs a command and writes its output to `out`.
///
/// Returns the state of the schema for `status`, and [`SchemaState::AtHead`] for every other command.
///
/// # Errors
/// See [`CommandError`].
pub async fn run(command: &Command, runner: Runner, out: &mut dyn Write) -> Result<SchemaState, CommandError> {
    match command {
        Command::Up {
            steps,
            to,
            allow_out_of_order,
        } => {
            let to = to.as_deref().map_or(Position::Head, Position::from);
            let target = steps.map_or(Target::To(to), Target::Steps);
            up(runner, target, *allow_out_of_order, out).await?;
        }
        Command::Upgrade {
            target,
            allow_out_of_order,
        } => up(runner, target::parse(target, '+'), *allow_out_of_order, out).await?,
        Command::Down { steps, to, yes } => {
            let to = to.as_deref().map(|to| Target::To(to.into()));
            down(&runner, to.unwrap_or(Target::Steps(*steps)), *yes, out).await?;
        }
        Command::Downgrade { target } => down(&runner, target::parse(target, '-'), true, out).await?,
        Command::Redo => output::steps(&runner.redo().await?, "redo", out)?,
        Command::Stamp { position } => {
            runner.stamp(&position.as_str().into()).await?;
            output::current(&runner.status().await?, out)?;
        }
        Command::Current => output::current(&runner.status().await?, out)?,
        Command::History => output::history(&runner.status().await?, out)?,
        Command::Status { json } => return status(&runner, *json, out).await,
    }
    Ok(SchemaState::AtHead)
}

async fn status(runner: &Runner, json: bool, out: &mut dyn Write) -> Result<SchemaState, CommandError> {
    let status = runner.status().await?;
    if json {
        output::json(&status, out)?;
    } else {
        output::list(&status, out)?;
    }
    Ok(status.schema_state())
}

async fn down(runner: &Runner, target: Target, yes: bool, out: &mut dyn Write) -> Result<(), CommandError> {
    if !yes {
        let count = count_down(runner, &target).await?;
        if count > 1 {
            return Err(CommandError::ConfirmationRequired(count));
        }
    }
    Ok(output::steps(&runner.down(target).await?, "undo", out)?)
}

async fn up(runner: Runner, target: Target, allow_out_of_order: bool, out: &mut dyn Write) -> Result<(), CommandError> {
    let options = Options {
        allow_out_of_order: allow_out_of_order || runner.options().allow_out_of_order,
        ..runner.options().clone()
    };
    let runner = runner.with_options(options);
    output::steps(&runner.up(target).await?, "apply", out)?;
    Ok(output::changed(&runner.status().await?, out)?)
}

/// Returns how many migrations `down` would undo.
async fn count_down(runner: &Runner, target: &Target) -> Result<usize, Error> {
    let bounds = target.bounds(runner.migrations(), &Position::Base)?;
    let status = runner.status().await?;
    let is_applied = |state| matches!(state, MigrationState::Applied | MigrationState::Changed);
    let registered = status.entries.iter().take(runner.migrations().list().len());
    let applied = registered
        .skip(bounds.position)
        .filter(|entry| is_applied(entry.state))
        .count();
    Ok(applied.min(bounds.max_steps))
}
