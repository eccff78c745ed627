//! The state of each migration and of the schema as a whole.

use std::time::Duration;

use crate::{
    Migrations,
    ledger::{Ledger, LedgerEntry},
    plan,
};

/// All migrations: those of the program in order, then those that only the database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// One entry for each migration.
    pub entries: Vec<StatusEntry>,
}

/// A migration and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// The name of the migration.
    pub name: String,
    /// The state of the migration.
    pub state: MigrationState,
    /// When it was applied, in seconds since 1970.
    pub applied_at: Option<i64>,
    /// The time that it ran, if recorded.
    pub elapsed: Option<Duration>,
    /// The program that recorded it and its version, if recorded.
    pub engine: Option<String>,
}

/// The state of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// Applied, and the file is unchanged or has no recorded checksum.
    Applied,
    /// Applied, but the file was edited since.
    Changed,
    /// Not applied.
    Pending,
    /// Not applied, although a newer migration is.
    OutOfOrder,
    /// Started outside a transaction and not completed.
    Interrupted,
    /// Applied, but unknown to this program: the database is newer or was migrated from another branch.
    Unknown,
}

/// The state of the schema as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// Every migration is applied, and no others.
    AtHead,
    /// Some migrations are pending.
    Pending,
    /// Some migrations are changed, unknown, interrupted or out of order and need attention.
    Mismatch,
}

impl Status {
    pub(crate) fn new(migrations: &Migrations, ledger: &Ledger) -> Self {
        let interrupted = ledger.interrupted();
        let last_applied = migrations
            .list()
            .iter()
            .rposition(|registered| ledger.is_applied(&registered.name));
        let unknown = plan::unknown(migrations, ledger);
        let registered = migrations.list().iter().enumerate().map(|(index, registered)| {
            let name = registered.name.as_str();
            let recorded = ledger.entries.get(name).and_then(|entry| entry.checksum.as_ref());
            let is_changed = registered
                .checksum
                .as_ref()
                .zip(recorded)
                .is_some_and(|(current, recorded)| current != recorded);
            let is_out_of_order = last_applied > Some(index) || unknown.iter().any(|unknown| unknown.as_str() > name);
            let state = match (interrupted, ledger.is_applied(name)) {
                (Some((interrupted, _)), _) if interrupted == name => MigrationState::Interrupted,
                (_, true) if is_changed => MigrationState::Changed,
                (_, true) => MigrationState::Applied,
                (_, false) if is_out_of_order => MigrationState::OutOfOrder,
                (_, false) => MigrationState::Pending,
            };
            StatusEntry::new(name, state, ledger)
        });
        let unknown = unknown
            .iter()
            .map(|name| StatusEntry::new(name, MigrationState::Unknown, ledger));
        Self {
            entries: registered.chain(unknown).collect(),
        }
    }

    /// Returns how many migrations are not fully applied, including an interrupted one.
    #[must_use]
    pub fn pending_count(&self) -> usize {
        let is_pending = |state| {
            matches!(
                state,
                MigrationState::Pending | MigrationState::OutOfOrder | MigrationState::Interrupted
            )
        };
        self.entries.iter().filter(|entry| is_pending(entry.state)).count()
    }

    /// Returns the newest migration of the program that is applied.
    #[must_use]
    pub fn current(&self) -> Option<&StatusEntry> {
        let is_applied =
            |entry: &&StatusEntry| matches!(entry.state, MigrationState::Applied | MigrationState::Changed);
        self.entries.iter().rfind(is_applied)
    }

    /// Returns the state of the schema as a whole.
    #[must_use]
    pub fn schema_state(&self) -> SchemaState {
        let any = |state: MigrationState| self.entries.iter().any(|entry| entry.state == state);
        if [
            MigrationState::Changed,
            MigrationState::OutOfOrder,
            MigrationState::Interrupted,
            MigrationState::Unknown,
        ]
        .into_iter()
        .any(any)
        {
            SchemaState::Mismatch
        } else if any(MigrationState::Pending) {
            SchemaState::Pending
        } else {
            SchemaState::AtHead
        }
    }
}

impl StatusEntry {
    fn new(name: &str, state: MigrationState, ledger: &Ledger) -> Self {
        let entry = ledger.entries.get(name).filter(|_| state != MigrationState::Pending);
        Self {
            name: name.to_owned(),
            state,
            applied_at: ledger.applied.get(name).copied(),
            elapsed: entry.and_then(LedgerEntry::elapsed),
            engine: entry.map(|entry| entry.engine.clone()),
        }
    }
}
