//! Answers as people and programs read them.

use std::io::{self, Write};

use sea_orm::prelude::DateTimeUtc;
use serde_json::json;

use crate::{Action, Entry, State, Status, Step, Verdict};

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Changed => "changed",
            Self::Pending => "pending",
            Self::OutOfOrder => "late",
            Self::Interrupted => "interrupted",
            Self::Unknown => "unknown",
        }
    }

    /// What there is to know when it is neither applied nor pending.
    const fn note(self) -> &'static str {
        match self {
            Self::Applied | Self::Pending => "",
            Self::Changed => "  its file has changed since it was applied",
            Self::OutOfOrder => "  pending, and older than one that is applied",
            Self::Interrupted => "  begun, and not done to its end",
            Self::Unknown => "  applied, and not known to this program",
        }
    }
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::AtHead => "at head",
            Self::Pending => "pending",
            Self::Mismatch => "mismatch",
        }
    }
}

/// What was done.
pub(super) fn steps(steps: &[Step], verb: &str, out: &mut dyn Write) -> io::Result<()> {
    if steps.is_empty() {
        return writeln!(out, "nothing to {verb}");
    }
    for Step {
        migration,
        action,
        took,
    } in steps
    {
        let word = match action {
            Action::Up => "applied",
            Action::Down => "undone ",
        };
        writeln!(out, "{word}  {migration}  in {} ms", took.as_millis())?;
    }
    Ok(())
}

/// A line for each migration.
pub(super) fn list(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    for Entry { name, state, .. } in &status.entries {
        writeln!(out, "{:11}  {name}{}", state.word(), state.note())?;
    }
    Ok(())
}

/// The migrations whose files were edited after they were applied.
pub(super) fn changed(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    for entry in status.entries.iter().filter(|entry| entry.state == State::Changed) {
        writeln!(out, "changed  {}{}", entry.name, State::Changed.note())?;
    }
    Ok(())
}

/// The migrations, the newest first, and when they were applied.
pub(super) fn history(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    for entry in status.entries.iter().rev() {
        write!(out, "{}  {}", entry.name, entry.state.word())?;
        if let Some(time) = entry.applied_at.and_then(time) {
            write!(out, "  {time}")?;
        }
        if let Some(took) = entry.took {
            write!(out, "  in {} ms", took.as_millis())?;
        }
        if let Some(engine) = &entry.engine {
            write!(out, "  by {engine}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The newest migration that is applied.
pub(super) fn current(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    let name = status.current().map_or("base", |entry| &entry.name);
    match status.lacking() {
        0 => writeln!(out, "{name} (head)"),
        pending => writeln!(out, "{name} ({pending} pending)"),
    }
}

/// Everything, for programs.
pub(super) fn json(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    let entry = |entry: &Entry| {
        json!({
            "name": entry.name,
            "state": entry.state.word(),
            "applied_at": entry.applied_at.and_then(time),
            "took_ms": entry.took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
            "engine": entry.engine,
        })
    };
    let entries: Vec<_> = status.entries.iter().map(entry).collect();
    let answer = json!({ "verdict": status.verdict().word(), "migrations": entries });
    serde_json::to_writer_pretty(&mut *out, &answer)?;
    writeln!(out)
}

/// In UTC, as RFC 3339 has it.
fn time(seconds: i64) -> Option<String> {
    let time = DateTimeUtc::from_timestamp(seconds, 0)?;
    Some(time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}
