//! Reading a password without echoing it.

use std::io::{self, IsTerminal};

use vestibule_domain::Secret;

use crate::CommandError;

/// Prompts twice for a new password on a terminal; otherwise reads the first line of standard input.
pub(super) fn read() -> Result<Secret<String>, CommandError> {
    if io::stdin().is_terminal() {
        let first = Secret::new(rpassword::prompt_password("New password: ")?);
        let repeated = Secret::new(rpassword::prompt_password("Repeat new password: ")?);
        return if first == repeated {
            Ok(first)
        } else {
            Err(CommandError::Rejected("the passwords do not match".to_owned()))
        };
    }
    let mut line = String::new();
    if io::stdin().read_line(&mut line)? == 0 {
        return Err(CommandError::Rejected(
            "there is no password on standard input".to_owned(),
        ));
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(Secret::new(line))
}
