//! What is applied, what is not, and what is not as it should be.

use std::time::Duration;

use crate::{
    Migrations,
    ledger::{Ledger, LedgerEntry},
    plan,
};

/// All migrations, those of the program in their order and then those that only the database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// One for each migration.
    pub entries: Vec<Entry>,
}

/// A migration and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: State,
    /// When it was applied, in seconds since 1970.
    pub applied_at: Option<i64>,
    /// How long that took, where it is known.
    pub took: Option<Duration>,
    /// What wrote it down, where it is known: name and version.
    pub engine: Option<String>,
}

/// What became of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is applied, from the file as it is now or one that nobody took the fingerprint of.
    Applied,
    /// It is applied, and its file was another then.
    Changed,
    /// It is not applied.
    Pending,
    /// It is not applied, and one that is newer is.
    OutOfOrder,
    /// It was begun outside a transaction and did not come to its end.
    Interrupted,
    /// It is applied, and this program does not know it: the database is newer, or of another branch.
    Unknown,
}

/// The whole in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is applied and nothing else.
    AtHead,
    /// Some migrations are pending.
    Pending,
    /// Somebody should look: changed, unknown, interrupted or out of order.
    Mismatch,
}

impl Status {
    pub(crate) fn new(migrations: &Migrations, ledger: &Ledger) -> Self {
        let interrupted = ledger.interrupted();
        let last_applied = migrations
            .list()
            .iter()
            .rposition(|known| ledger.is_applied(&known.name));
        let unknown = plan::unknown(migrations, ledger);
        let known = migrations.list().iter().enumerate().map(|(index, known)| {
            let name = known.name.as_str();
            let recorded = ledger.entries.get(name).and_then(|entry| entry.checksum.as_ref());
            let is_changed = known
                .checksum
                .as_ref()
                .zip(recorded)
                .is_some_and(|(now, then)| now != then);
            let is_late = last_applied > Some(index) || unknown.iter().any(|unknown| unknown.as_str() > name);
            let state = match (interrupted, ledger.is_applied(name)) {
                (Some((interrupted, _)), _) if interrupted == name => State::Interrupted,
                (_, true) if is_changed => State::Changed,
                (_, true) => State::Applied,
                (_, false) if is_late => State::OutOfOrder,
                (_, false) => State::Pending,
            };
            Entry::new(name, state, ledger)
        });
        let unknown = unknown.iter().map(|name| Entry::new(name, State::Unknown, ledger));
        Self {
            entries: known.chain(unknown).collect(),
        }
    }

    /// How many migrations the database lacks, with one that did not come to its end.
    #[must_use]
    pub fn lacking(&self) -> usize {
        let lacks = |state| matches!(state, State::Pending | State::OutOfOrder | State::Interrupted);
        self.entries.iter().filter(|entry| lacks(entry.state)).count()
    }

    /// The newest migration of the program that is applied.
    #[must_use]
    pub fn current(&self) -> Option<&Entry> {
        let is_applied = |entry: &&Entry| matches!(entry.state, State::Applied | State::Changed);
        self.entries.iter().rfind(is_applied)
    }

    /// The whole in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let is = |state: State| self.entries.iter().any(|entry| entry.state == state);
        if [State::Changed, State::OutOfOrder, State::Interrupted, State::Unknown]
            .into_iter()
            .any(is)
        {
            Verdict::Mismatch
        } else if is(State::Pending) {
            Verdict::Pending
        } else {
            Verdict::AtHead
        }
    }
}

impl Entry {
    fn new(name: &str, state: State, ledger: &Ledger) -> Self {
        let entry = ledger.entries.get(name).filter(|_| state != State::Pending);
        Self {
            name: name.to_owned(),
            state,
            applied_at: ledger.applied.get(name).copied(),
            took: entry.and_then(LedgerEntry::took),
            engine: entry.map(|entry| entry.engine.clone()),
        }
    }
}
