//! `user import`: users of another application.

mod row;

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Write},
    path::Path,
};

use vestibule_api::App;
use vestibule_domain::{
    Actor,
    users::{self, ImportOutcome, ImportUser},
};

use super::errors::use_case_error;
use crate::CommandError;

/// The number of users per transaction.
const BATCH: usize = 500;

/// The report of an import: prints the outcome of each row, and counts the outcomes.
struct Report<'a> {
    out: &'a mut dyn Write,
    apply: bool,
    created: u64,
    existing: u64,
    invalid: u64,
}

impl Report<'_> {
    fn line(&mut self, line: u64, outcome: &str, email: &str, reason: &str) -> Result<(), CommandError> {
        writeln!(self.out, "{line}\t{outcome}\t{email}\t{reason}")?;
        Ok(())
    }

    fn invalid(&mut self, line: u64, email: &str, reason: &str) -> Result<(), CommandError> {
        self.invalid += 1;
        self.line(line, "invalid", email, reason)
    }

    fn outcome(&mut self, line: u64, email: &str, outcome: &ImportOutcome) -> Result<(), CommandError> {
        match outcome {
            ImportOutcome::Created => {
                self.created += 1;
                let outcome = if self.apply { "created" } else { "new" };
                self.line(line, outcome, email, "")
            }
            ImportOutcome::Exists => {
                self.existing += 1;
                self.line(line, "exists", email, "")
            }
            ImportOutcome::UnknownRole(name) => self.invalid(line, email, &format!("there is no role {name}")),
            ImportOutcome::UnusableHash => self.invalid(
                line,
                email,
                "password_hash is not a bcrypt hash with a cost from 4 to 16",
            ),
            ImportOutcome::CreatedInFuture => self.invalid(line, email, "created_at is in the future"),
            ImportOutcome::CreatedTooEarly => self.invalid(
                line,
                email,
                "created_at is before 1970; leave it empty if it is unknown",
            ),
        }
    }

    fn finish(self) -> Result<(), CommandError> {
        let Self {
            out,
            apply,
            created,
            existing,
            invalid,
        } = self;
        if apply {
            writeln!(out, "{created} created, {existing} existing, {invalid} invalid")?;
        } else {
            writeln!(
                out,
                "{created} new, {existing} existing, {invalid} invalid; dry run, use --apply to create the new users"
            )?;
        }
        match invalid {
            0 => Ok(()),
            1 => Err(CommandError::Rejected("1 row is invalid".to_owned())),
            invalid => Err(CommandError::Rejected(format!("{invalid} rows are invalid"))),
        }
    }
}

/// Imports the users of a file, or only validates them without `apply`. Prints tab-separated columns: line, outcome, email
/// and reason.
pub(super) async fn run(
    app: &App,
    file: &Path,
    apply: bool,
    verified: bool,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let open = File::open(file).map_err(|error| CommandError::Rejected(format!("{}: {error}", file.display())))?;
    let mut report = Report {
        out,
        apply,
        created: 0,
        existing: 0,
        invalid: 0,
    };
    // The line of each email address, to find duplicates.
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut batch = Vec::with_capacity(BATCH);
    for (line, parsed) in row::read(BufReader::new(open))? {
        let user = match parsed {
            Ok(user) => user,
            Err(error) => {
                report.invalid(line, &error.email, &error.reason)?;
                continue;
            }
        };
        if let Some(first) = lines.insert(user.email.normalized().as_str().to_owned(), line) {
            report.invalid(line, user.email.as_str(), &format!("line {first} has the same email"))?;
            continue;
        }
        let user = ImportUser {
            email_verified: verified,
            ..user
        };
        batch.push((line, user));
        if batch.len() == BATCH {
            import_batch(app, std::mem::take(&mut batch), &mut report).await?;
        }
    }
    import_batch(app, batch, &mut report).await?;
    if lines.is_empty() && report.invalid == 0 {
        return Err(CommandError::Rejected(format!("{} contains no users", file.display())));
    }
    report.finish()
}

async fn import_batch(app: &App, batch: Vec<(u64, ImportUser)>, report: &mut Report<'_>) -> Result<(), CommandError> {
    let (lines, users): (Vec<u64>, Vec<ImportUser>) = batch.into_iter().unzip();
    let emails: Vec<_> = users.iter().map(|user| user.email.clone()).collect();
    let outcomes = users::import(app, &Actor::operator(), users, !report.apply).await;
    for ((line, email), outcome) in lines.into_iter().zip(emails).zip(outcomes.map_err(use_case_error)?) {
        report.outcome(line, email.as_str(), &outcome)?;
    }
    Ok(())
}
