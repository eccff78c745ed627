//! The commands, one module each; applying and undoing is delegated to the runner.

pub(crate) mod check;
pub(crate) mod generate;
pub(crate) mod init;
pub(crate) mod lint;
mod register;
pub(crate) mod sql;

use std::process::ExitCode;

use sea_orm::{ConnectOptions, Database};
use vestibule_migrate::{Runner, cli};

use crate::error::Error;
use crate::project::Project;

/// Runs a command of the runner on the database with this URL.
pub(crate) async fn run(project: &Project, url: &str, command: &cli::Command) -> Result<ExitCode, Error> {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false);
    let db = Database::connect(options).await?;
    let runner = Runner::new(&db, (project.list)());
    let result = cli::run(command, runner, &mut std::io::stdout()).await;
    db.close().await?;
    let state = result.map_err(|error| Error::Usage(with_causes(&error)))?;
    Ok(ExitCode::from(state.exit_code()))
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
