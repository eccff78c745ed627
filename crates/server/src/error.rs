//! Errors of commands, each printed to the operator as one line.

use std::{error::Error, io, net::SocketAddr, path::PathBuf, process::ExitCode};

use vestibule_domain::BoxError;
use vestibule_migrate::SchemaState;

use crate::config::ConfigErrors;

/// An error that stops the program before it does anything: a setting, a file or the database has to be fixed.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// Settings are invalid.
    #[error("the configuration is invalid; nothing was changed")]
    Config(#[from] ConfigErrors),
    /// The directory of the database file cannot be created.
    #[error("cannot create the directory {}", .0.display())]
    CreateDirectory(PathBuf, #[source] io::Error),
    /// The file with the secret key cannot be read or written.
    #[error("cannot use the key file {}", .0.display())]
    KeyFile(PathBuf, #[source] BoxError),
    /// The database cannot be opened.
    #[error("cannot open the database {0}")]
    Database(String, #[source] BoxError),
    /// Migrations cannot be read or applied.
    #[error("the migrations of the database {0} failed")]
    Migration(String, #[source] BoxError),
    /// The schema is older than the program.
    #[error(
        "the database schema is older than this program: {}. Back up the database and run `vestibule migrate up`, \
         or start the server with VESTIBULE_AUTO_MIGRATE=true", pending(*.0)
    )]
    Pending(usize),
    /// The schema is older than the program, which cannot migrate it through the pooler.
    #[error(
        "{}, and a pooler in transaction mode cannot run migrations: run `vestibule migrate up` with a DATABASE_URL that \
         connects directly to the database server", pending(*.0)
    )]
    PendingBehindPooler(usize),
    /// A migration command was run through a pooler.
    #[error(
        "a pooler in transaction mode cannot run migrations: set DATABASE_URL to a URL that connects directly to the \
         database server, and VESTIBULE_DATABASE_POOLER=none"
    )]
    MigrationsBehindPooler,
    /// The database does not meet a requirement, such as a privilege or an encoding.
    #[error("the database {0} cannot be used: {1}")]
    Unsuitable(String, String),
    /// The database file of a command does not exist.
    #[error(
        "the database file {} does not exist. Its path comes from DATABASE_URL ({setting_source}), and the working \
         directory is {}. Change the directory or set DATABASE_URL; only `vestibule serve` and `vestibule migrate up` \
         create a database",
        .path.display(), .working_directory.display()
    )]
    NoDatabase {
        /// The absolute path of the missing file.
        path: PathBuf,
        /// The working directory.
        working_directory: PathBuf,
        /// The source of `DATABASE_URL`.
        setting_source: String,
    },
    /// A command was run on an in-memory database, which is always empty.
    #[error(
        "DATABASE_URL ({0}) is sqlite::memory:, a database that only exists while the server runs. Set DATABASE_URL to \
         a database that the command can open"
    )]
    InMemoryDatabase(String),
    /// The key file of a database that was set up with a key is missing.
    #[error(
        "the database {database} was set up with a secret key that is missing: the key file {} does not exist, and \
         VESTIBULE_SECRET_KEY is not set. Restore the key file or set VESTIBULE_SECRET_KEY; if the key is lost, \
         `vestibule key reset` replaces it and signs everyone out", .path.display()
    )]
    NoKeyFile {
        /// The key file.
        path: PathBuf,
        /// The database.
        database: String,
    },
    /// The first start of the server, which creates the key, has not happened yet.
    #[error(
        "there is no secret key yet: the key file {} does not exist, and VESTIBULE_SECRET_KEY is not set. \
         The first `vestibule serve` creates the key", .0.display()
    )]
    NoKeyYet(PathBuf),
    /// The configured key differs from the key that the database was set up with.
    #[error(
        "the configured secret key does not match the key this database was set up with ({0}). Starting with it would \
         invalidate every session: restore the old key file or set VESTIBULE_SECRET_KEY to the old key. To rotate the \
         key, also set VESTIBULE_SECRET_KEY_PREVIOUS to the old key. If the old key is lost, run `vestibule key reset`, \
         which signs everyone out"
    )]
    UnknownKey(String),
    /// The key pairs cannot sign access tokens.
    #[error("cannot sign access tokens with VESTIBULE_JWT_PRIVATE_KEY")]
    SigningKey(#[source] BoxError),
    /// The mail transport cannot be set up.
    #[error("cannot set up mail; check VESTIBULE_MAIL_URL")]
    Mail(#[source] BoxError),
    /// The address is in use or not allowed.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] io::Error),
}

/// An error that prevents a command from completing.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The command could not start.
    #[error(transparent)]
    Startup(#[from] StartupError),
    /// The arguments do not fit the data.
    #[error("{0}")]
    Rejected(String),
    /// Something outside the program failed.
    #[error("{0}")]
    Failed(&'static str, #[source] BoxError),
    /// `migrate status` found a schema that differs from the program.
    #[error("the database schema does not match the migrations of this program")]
    NotAtHead(SchemaState),
    /// A second signal stopped the server.
    #[error("stopped before all requests were completed")]
    Aborted,
    /// A file, standard input or standard output failed.
    #[error("input or output failed")]
    Io(#[from] io::Error),
}

impl CommandError {
    /// Prints the error to standard error and returns the exit code: 2 for an invalid configuration, as for an invalid
    /// command line; the code of the state that `migrate status` found; otherwise 1.
    ///
    /// A closed pipe on standard output is a success, because the reader has read enough.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        match self {
            Self::Startup(error @ StartupError::Config(errors)) => {
                eprintln!("vestibule: {error}\n{errors}");
                ExitCode::from(2)
            }
            Self::NotAtHead(state) => ExitCode::from(state.exit_code()),
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
        1 => "1 migration is pending".to_owned(),
        count => format!("{count} migrations are pending"),
    }
}

/// Formats an error and its causes as one line, without causes that the text already ends with.
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
    fn error_with_causes_is_one_line() {
        let addr = SocketAddr::from(([127, 0, 0, 1], 80));
        let error = CommandError::from(StartupError::Listen(addr, io::ErrorKind::PermissionDenied.into()));
        assert_eq!(with_causes(&error), "cannot listen on 127.0.0.1:80: permission denied");
    }
}
