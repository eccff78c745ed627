//! `config check`.

use std::io::Write;

use crate::{CommandError, config::Config};

/// Prints every setting with its effective value and its source, and logs the warnings.
pub(super) fn check(config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let width = config
        .settings
        .iter()
        .map(|setting| setting.name.len())
        .max()
        .unwrap_or(0);
    for setting in &config.settings {
        writeln!(
            out,
            "{:width$}  {}  ({})",
            setting.name, setting.display, setting.source
        )?;
    }
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    Ok(())
}
