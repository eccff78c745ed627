//! Applying and undoing, which is the runner's.

use std::process::ExitCode;

use sea_orm::Database;
use vestibule_migrate::{Runner, cli};

use crate::error::Error;
use crate::project::Project;

pub(crate) async fn run(project: &Project, url: &str, command: &cli::Command) -> Result<ExitCode, Error> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.sqlx_logging(false);
    let db = Database::connect(options).await?;
    let runner = Runner::new(&db, (project.list)());
    let verdict = cli::run(command, runner, &mut std::io::stdout()).await;
    db.close().await?;
    let verdict = verdict.map_err(|failure| Error::Usage(failure.to_string()))?;
    Ok(ExitCode::from(verdict.exit_code()))
}
