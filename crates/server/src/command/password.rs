//! Reading a password without showing it.

use std::io::{self, IsTerminal};

use vestibule_domain::Secret;

use crate::Failure;

/// Asks for a new password, twice, when somebody sits at a terminal; else takes the first line of
/// standard input.
pub(super) fn read() -> Result<Secret<String>, Failure> {
    if io::stdin().is_terminal() {
        let first = Secret::new(rpassword::prompt_password("New password: ")?);
        let again = Secret::new(rpassword::prompt_password("The same again: ")?);
        return if first == again {
            Ok(first)
        } else {
            Err(Failure::Refused("the two passwords differ".to_owned()))
        };
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(Secret::new(line))
}
