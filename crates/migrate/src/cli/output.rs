//! The output of commands, as text and as JSON.

use std::io::{self, Write};

use sea_orm::prelude::DateTimeUtc;
use serde_json::json;

use crate::{Direction, MigrationState, SchemaState, Status, StatusEntry, Step};

impl MigrationState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Changed => "changed",
            Self::Pending => "pending",
            Self::OutOfOrder => "late",
            Self::Interrupted => "interrupted",
            Self::Unknown => "unknown",
        }
    }

    /// Returns an explanation for states that need attention.
    const fn note(self) -> &'static str {
        match self {
            Self::Applied | Self::Pending => "",
            Self::Changed => "  applied, but its file was edited since",
            Self::OutOfOrder => "  pending, but older than an applied migration",
            Self::Interrupted => "  started, but not completed",
            Self::Unknown => "  applied, but unknown to this program",
        }
    }
}

impl SchemaState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::AtHead => "at head",
            Self::Pending => "pending",
            Self::Mismatch => "mismatch",
        }
    }
}

/// Writes the steps that were run, or that there was nothing to `verb`.
pub(super) fn steps(steps: &[Step], verb: &str, out: &mut dyn Write) -> io::Result<()> {
    if steps.is_empty() {
        return writeln!(out, "nothing to {verb}");
    }
    for Step {
        migration,
        direction,
        elapsed,
    } in steps
    {
        let word = match direction {
            Direction::Up => "applied",
            Direction::Down => "undone ",
        };
        writeln!(out, "{word}  {migration}  in {} ms", elapsed.as_millis())?;
    }
    Ok(())
}

/// Writes a line for each migration.
pub(super) fn list(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    for StatusEntry { name, state, .. } in &status.entries {
        writeln!(out, "{:11}  {name}{}", state.as_str(), state.note())?;
    }
    Ok(())
}

/// Writes the migrations whose files were edited after they were applied.
pub(super) fn changed(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    let is_changed = |entry: &&StatusEntry| entry.state == MigrationState::Changed;
    for entry in status.entries.iter().filter(is_changed) {
        writeln!(out, "changed  {}{}", entry.name, MigrationState::Changed.note())?;
    }
    Ok(())
}

/// Writes the migrations, newest first, with the time, duration and tool that applied them.
pub(super) fn history(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    for entry in status.entries.iter().rev() {
        write!(out, "{}  {}", entry.name, entry.state.as_str())?;
        if let Some(time) = entry.applied_at.and_then(rfc3339) {
            write!(out, "  {time}")?;
        }
        if let Some(elapsed) = entry.elapsed {
            write!(out, "  in {} ms", elapsed.as_millis())?;
        }
        if let Some(engine) = &entry.engine {
            write!(out, "  by {engine}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Writes the newest applied migration and how many are pending.
pub(super) fn current(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    let name = status.current().map_or("base", |entry| &entry.name);
    match status.pending_count() {
        0 => writeln!(out, "{name} (head)"),
        pending => writeln!(out, "{name} ({pending} pending)"),
    }
}

/// Writes the whole status as JSON.
pub(super) fn json(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    let entry = |entry: &StatusEntry| {
        json!({
            "name": entry.name,
            "state": entry.state.as_str(),
            "applied_at": entry.applied_at.and_then(rfc3339),
            "took_ms": entry.elapsed.map(|elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)),
            "engine": entry.engine,
        })
    };
    let entries: Vec<_> = status.entries.iter().map(entry).collect();
    let document = json!({ "verdict": status.schema_state().as_str(), "migrations": entries });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// Formats a time in UTC.
fn rfc3339(seconds: i64) -> Option<String> {
    let time = DateTimeUtc::from_timestamp(seconds, 0)?;
    Some(time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}
