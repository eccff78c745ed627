//! Printing the settings as they were understood.

use std::io::Write;

use crate::{Failure, config::Config};

pub(super) fn print(config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let width = config
        .settings
        .iter()
        .map(|setting| setting.name.len())
        .max()
        .unwrap_or(0);
    for setting in &config.settings {
        writeln!(out, "{:width$}  {}  ({})", setting.name, setting.shown, setting.origin)?;
    }
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    Ok(())
}
