//! The verbs as commands, for any program that reads its command line with clap.
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
//! let verdict = vestibule_migrate::cli::run(&command, runner, &mut std::io::stdout()).await?;
//! return ExitCode::from(verdict.exit_code());
//! ```

mod show;
mod target;

use std::io::{self, Write};

use clap::Subcommand;

use crate::{Error, Goal, Options, Point, Runner, State, Verdict};

/// What can be done with migrations.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Apply pending migrations
    Up {
        /// How many; all when nothing is said
        #[arg(value_name = "N")]
        steps: Option<u32>,
        /// Until this one is applied: a name, or a part that only one has
        #[arg(long, value_name = "NAME", conflicts_with = "steps")]
        to: Option<String>,
        /// Apply also what is older than something that is applied
        #[arg(long)]
        allow_out_of_order: bool,
    },
    /// Undo the migration applied last, or more
    Down {
        /// How many
        #[arg(value_name = "N", default_value_t = 1)]
        steps: u32,
        /// Until this one is the last that is applied: a name, a part that only one has, or `base`
        #[arg(long, value_name = "NAME", conflicts_with = "steps")]
        to: Option<String>,
        /// Undo more than one
        #[arg(long)]
        yes: bool,
    },
    /// Undo the migration applied last and apply it again
    Redo,
    /// List all migrations; exits with 0 at head, 2 when some are pending, 4 when something does not match
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the migrations, the newest first, with when they were applied, how long it took and by what
    History,
    /// Print the newest migration that is applied
    Current,
    /// Write down that the database is at a point, and run nothing
    Stamp {
        /// `head`, `base`, a name, or a part that only one has
        point: String,
    },
    /// `up` as Alembic has it
    Upgrade {
        /// `head`, `+N`, or a name
        target: String,
        /// Apply also what is older than something that is applied
        #[arg(long)]
        allow_out_of_order: bool,
    },
    /// `down` as Alembic has it: it does not ask
    Downgrade {
        /// `-N`, `base`, or a name
        #[arg(allow_hyphen_values = true)]
        target: String,
    },
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The migrations were not run.
    #[error(transparent)]
    Migrations(#[from] Error),
    /// More would be undone than was said.
    #[error("this would undo {0} migrations and lose what is in their tables and columns: say --yes if that is meant")]
    NeedsYes(usize),
    /// What was asked for cannot be written.
    #[error("the output cannot be written")]
    Io(#[from] io::Error),
}

impl Verdict {
    /// What a program exits with that was asked for the status.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::AtHead => 0,
            Self::Pending => 2,
            Self::Mismatch => 4,
        }
    }
}

/// Does what was asked, and writes the answer to `out`. The verdict is [`Verdict::AtHead`] unless the status was asked for.
///
/// # Errors
/// Why it was not done.
pub async fn run(command: &Command, runner: Runner, out: &mut dyn Write) -> Result<Verdict, Failure> {
    match command {
        Command::Up {
            steps,
            to,
            allow_out_of_order,
        } => {
            let to = to.as_deref().map_or(Point::Head, Point::from);
            let goal = steps.map_or(Goal::To(to), Goal::Steps);
            up(runner, goal, *allow_out_of_order, out).await?;
        }
        Command::Upgrade {
            target,
            allow_out_of_order,
        } => up(runner, target::goal(target, '+'), *allow_out_of_order, out).await?,
        Command::Down { steps, to, yes } => {
            let to = to.as_deref().map(|to| Goal::To(to.into()));
            down(&runner, to.unwrap_or(Goal::Steps(*steps)), *yes, out).await?;
        }
        Command::Downgrade { target } => down(&runner, target::goal(target, '-'), true, out).await?,
        Command::Redo => show::steps(&runner.redo().await?, "do again", out)?,
        Command::Stamp { point } => {
            runner.stamp(&point.as_str().into()).await?;
            show::current(&runner.status().await?, out)?;
        }
        Command::Current => show::current(&runner.status().await?, out)?,
        Command::History => show::history(&runner.status().await?, out)?,
        Command::Status { json } => return status(&runner, *json, out).await,
    }
    Ok(Verdict::AtHead)
}

async fn status(runner: &Runner, json: bool, out: &mut dyn Write) -> Result<Verdict, Failure> {
    let status = runner.status().await?;
    if json {
        show::json(&status, out)?;
    } else {
        show::list(&status, out)?;
    }
    Ok(status.verdict())
}

async fn down(runner: &Runner, goal: Goal, yes: bool, out: &mut dyn Write) -> Result<(), Failure> {
    if !yes {
        let count = count_down(runner, &goal).await?;
        if count > 1 {
            return Err(Failure::NeedsYes(count));
        }
    }
    Ok(show::steps(&runner.down(goal).await?, "undo", out)?)
}

async fn up(runner: Runner, goal: Goal, allow_out_of_order: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let options = Options {
        allow_out_of_order: allow_out_of_order || runner.options().allow_out_of_order,
        ..runner.options().clone()
    };
    let runner = runner.with_options(options);
    show::steps(&runner.up(goal).await?, "apply", out)?;
    Ok(show::changed(&runner.status().await?, out)?)
}

/// How many migrations would be undone.
async fn count_down(runner: &Runner, goal: &Goal) -> Result<usize, Error> {
    let bounds = goal.bounds(runner.migrations(), &Point::Base)?;
    let status = runner.status().await?;
    let is_applied = |state| matches!(state, State::Applied | State::Changed);
    let known = status.entries.iter().take(runner.migrations().list().len());
    let applied = known.skip(bounds.point).filter(|entry| is_applied(entry.state)).count();
    Ok(applied.min(bounds.steps))
}
