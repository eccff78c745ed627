//! Why a command did not do what it was asked, in one sentence for the operator.

use std::{error::Error, io, net::SocketAddr, path::PathBuf, process::ExitCode};

use vestibule_domain::BoxError;
use vestibule_migrate::Verdict;

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
    #[error("the database lacks {0} migrations: run `vestibule migrate up`, or set VESTIBULE_AUTO_MIGRATE=true")]
    Pending(usize),
    /// The schema is not the one of this program, which is what was asked.
    #[error("the database is not as the migrations of this program would have it")]
    NotAtHead(Verdict),
    /// The database was used with another key.
    #[error(
        "the server's key is not the one that the database {0} knows, so nobody's session would be good: \
         set VESTIBULE_SECRET_KEY to that one, or VESTIBULE_SECRET_KEY_PREVIOUS; if it is lost, \
         `vestibule key adopt` signs everybody out and goes on with the new one"
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
