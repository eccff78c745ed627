//! Why a command did not do what it was asked, in one sentence for the operator.

use std::{error::Error, io, net::SocketAddr, path::PathBuf, process::ExitCode};

use vestibule_domain::BoxError;
use vestibule_migrate::SchemaState;

use crate::config::Mistakes;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Settings are wrong.
    #[error("the settings are wrong, nothing was done")]
    Settings(#[from] Mistakes),
    /// The folder of the database cannot be made.
    #[error("the folder {} cannot be made", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    /// The file that keeps the server's key cannot be read or written.
    #[error("the key file {} cannot be used", .0.display())]
    KeyFile(PathBuf, #[source] BoxError),
    /// The database cannot be opened.
    #[error("the database {0} cannot be opened")]
    Database(String, #[source] BoxError),
    /// The schema cannot be read or changed.
    #[error("the migrations of the database {0} failed")]
    Migration(String, #[source] BoxError),
    /// The schema is older than the program.
    #[error(
        "the schema of the database is older than this program: {}. Back up the database and run `vestibule migrate up`, \
         or start the server with VESTIBULE_AUTO_MIGRATE=true", pending(*.0)
    )]
    Pending(usize),
    /// The server cannot work with the database.
    #[error("the server cannot work with the database {0}: {1}")]
    Unfit(String, String),
    /// A command was given a database that does not exist.
    #[error(
        "the database file {} does not exist; it is named by DATABASE_URL ({origin}), and the working directory is {}. \
         Change to the right folder or set DATABASE_URL; only `vestibule serve` and `vestibule migrate up` create a database",
        .path.display(), .here.display()
    )]
    NoDatabase {
        /// Where it was looked for.
        path: PathBuf,
        /// The working directory.
        here: PathBuf,
        /// The source of the setting.
        origin: String,
    },
    /// The key file of a database that was set up with a key is missing.
    #[error(
        "the database {database} was set up with a secret key, and there is none: the key file {} does not exist, and \
         VESTIBULE_SECRET_KEY is not set. Restore the key file or set VESTIBULE_SECRET_KEY; if the key is lost, \
         `vestibule key adopt` creates another one and signs everyone out", .path.display()
    )]
    NoKeyFile {
        /// The key file.
        path: PathBuf,
        /// The database.
        database: String,
    },
    /// There is no key yet.
    #[error(
        "there is no secret key yet: the key file {} does not exist, and VESTIBULE_SECRET_KEY is not set. \
         `vestibule serve` creates the key at its first start", .0.display()
    )]
    NoKeyYet(PathBuf),
    /// The schema is older than the program, which cannot change it on this connection.
    #[error(
        "the database lacks {0} migrations, which cannot be applied through a pooler in transaction mode: \
         run `vestibule migrate up` with a DATABASE_URL that leads directly to the server"
    )]
    PendingBehindPooler(usize),
    /// Migrations need a connection that is theirs alone.
    #[error(
        "migrations cannot be run through a pooler in transaction mode: set DATABASE_URL to a URL that leads directly \
         to the server, and VESTIBULE_DATABASE_POOLER=none"
    )]
    MigrationsBehindPooler,
    /// The schema is not the one of this program, which is what was asked.
    #[error("the database is not as the migrations of this program would have it")]
    NotAtHead(SchemaState),
    /// The database was used with another key.
    #[error(
        "the configured secret key does not match the key that the database {0} was set up with. Using it would invalidate \
         every session: restore the old key file or set VESTIBULE_SECRET_KEY to the old key (to replace a key, also set \
         VESTIBULE_SECRET_KEY_PREVIOUS to the old one); if the old key is lost, `vestibule key adopt` replaces it and signs \
         everyone out"
    )]
    UnknownKey(String),
    /// Nothing can listen on the address.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The command cannot be carried out on this data.
    #[error("{0}")]
    Refused(String),
    /// The command cannot be carried out now.
    #[error("{0}")]
    Failed(&'static str, #[source] BoxError),
    /// A second signal ended the server.
    #[error("stopped before every request was answered")]
    Cut,
    /// What was asked for cannot be read or written.
    #[error("input or output failed")]
    Io(#[from] io::Error),
}

impl Failure {
    /// Tells the operator on standard error, and gives the code to exit with: 2 for wrong settings, as
    /// for a wrong command line, what `migrate status` has found, else 1. Who closes our output has read enough: that is no failure.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        match self {
            Self::Settings(mistakes) => {
                eprintln!("vestibule: {self}\n{mistakes}");
                ExitCode::from(2)
            }
            Self::NotAtHead(verdict) => ExitCode::from(verdict.exit_code()),
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            other => {
                eprintln!("vestibule: {}", with_causes(other));
                ExitCode::FAILURE
            }
        }
    }
}

fn pending(count: usize) -> String {
    match count {
        1 => "one migration is pending".to_owned(),
        count => format!("{count} migrations are pending"),
    }
}

/// An error and its causes in one line. A cause that its error has told already is left out.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.ends_with(&text) {
            line = format!("{line}: {text}");
        }
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_with_its_causes_in_one_line() {
        let addr = SocketAddr::from(([127, 0, 0, 1], 80));
        let failure = Failure::Listen(addr, io::ErrorKind::PermissionDenied.into());
        assert_eq!(
            with_causes(&failure),
            "cannot listen on 127.0.0.1:80: permission denied"
        );
    }
}
