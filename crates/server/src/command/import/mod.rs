//! Users of another program move in.

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

use super::refusal::user_failure;
use crate::Failure;

/// How many accounts one transaction makes.
const BATCH: usize = 500;

/// What is reported of the rows.
struct Report<'a> {
    out: &'a mut dyn Write,
    apply: bool,
    new: u64,
    exist: u64,
    wrong: u64,
}

impl Report<'_> {
    fn line(&mut self, line: u64, verdict: &str, email: &str, reason: &str) -> Result<(), Failure> {
        writeln!(self.out, "{line}\t{verdict}\t{email}\t{reason}")?;
        Ok(())
    }

    fn wrong(&mut self, line: u64, email: &str, reason: &str) -> Result<(), Failure> {
        self.wrong += 1;
        self.line(line, "wrong", email, reason)
    }

    fn verdict(&mut self, line: u64, email: &str, verdict: &ImportOutcome) -> Result<(), Failure> {
        match verdict {
            ImportOutcome::Created => {
                self.new += 1;
                let verdict = if self.apply { "made" } else { "new" };
                self.line(line, verdict, email, "")
            }
            ImportOutcome::Exists => {
                self.exist += 1;
                self.line(line, "exists", email, "")
            }
            ImportOutcome::UnknownRole(name) => self.wrong(line, email, &format!("no role has the name {name}")),
            ImportOutcome::UnusableHash => {
                self.wrong(line, email, "password_hash is no bcrypt hash of a cost from 4 to 16")
            }
            ImportOutcome::CreatedInFuture => self.wrong(line, email, "created_at is later than now"),
            ImportOutcome::CreatedTooEarly => self.wrong(
                line,
                email,
                "created_at is before 1970; leave it empty if it is not known",
            ),
        }
    }

    fn end(self) -> Result<(), Failure> {
        let Self {
            out,
            apply,
            new,
            exist,
            wrong,
        } = self;
        if apply {
            writeln!(out, "{new} made, {exist} exist, {wrong} wrong")?;
        } else {
            writeln!(
                out,
                "{new} new, {exist} exist, {wrong} wrong; nothing was changed: --apply makes the new ones"
            )?;
        }
        match wrong {
            0 => Ok(()),
            1 => Err(Failure::Refused("one row is wrong".to_owned())),
            wrong => Err(Failure::Refused(format!("{wrong} rows are wrong"))),
        }
    }
}

/// Reads the file from its beginning to its end and prints tab-separated columns: the line, what becomes of
/// it, the address, and why.
pub(super) async fn run(
    app: &App,
    file: &Path,
    apply: bool,
    verified: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let open = File::open(file).map_err(|error| Failure::Refused(format!("{}: {error}", file.display())))?;
    let mut report = Report {
        out,
        apply,
        new: 0,
        exist: 0,
        wrong: 0,
    };
    // The line of each address, so that none is there twice.
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut batch = Vec::with_capacity(BATCH);
    for (line, parsed) in row::read(BufReader::new(open))? {
        let person = match parsed {
            Ok(person) => person,
            Err(wrong) => {
                report.wrong(line, &wrong.email, &wrong.reason)?;
                continue;
            }
        };
        if let Some(first) = lines.insert(person.email.normalized().as_str().to_owned(), line) {
            report.wrong(
                line,
                person.email.as_str(),
                &format!("line {first} has the same address"),
            )?;
            continue;
        }
        let person = ImportUser {
            email_verified: verified,
            ..person
        };
        batch.push((line, person));
        if batch.len() == BATCH {
            settle(app, std::mem::take(&mut batch), &mut report).await?;
        }
    }
    settle(app, batch, &mut report).await?;
    report.end()
}

async fn settle(app: &App, batch: Vec<(u64, ImportUser)>, report: &mut Report<'_>) -> Result<(), Failure> {
    let (lines, people): (Vec<u64>, Vec<ImportUser>) = batch.into_iter().unzip();
    let emails: Vec<_> = people.iter().map(|person| person.email.clone()).collect();
    let verdicts = users::import(app, &Actor::operator(), people, !report.apply).await;
    for ((line, email), verdict) in lines.into_iter().zip(emails).zip(verdicts.map_err(user_failure)?) {
        report.verdict(line, email.as_str(), &verdict)?;
    }
    Ok(())
}
