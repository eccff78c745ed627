//! Looking at everything that the server depends on. Nothing is changed, and nothing is made.

use std::{
    error::Error,
    io::{self, Write},
    net::TcpListener,
};

use chrono::TimeDelta;
use vestibule_api::App;
use vestibule_domain::{
    Actor, Clock, OutboxCounts, Store, StoreError, SystemClock, outbox, secret_key::KeyCheck, setup, users,
};
use vestibule_migrate::SchemaState;
use vestibule_persistence::{Pooler, SeaStore};
use vestibule_security::{SecretKey, SystemRng};

use super::health;
use crate::{
    Failure,
    config::{Config, Place},
    failure::with_causes,
    preflight,
    wire::{self, Wired},
};

/// How far the clock of this machine may be from that of the database before it is worth a note.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(2);

/// What was found, line by line.
struct Report<'a> {
    out: &'a mut dyn Write,
    faults: u32,
}

impl Report<'_> {
    fn good(&mut self, what: &str, finding: &str) -> io::Result<()> {
        self.line("ok", what, finding)
    }

    /// It works, and still somebody should know.
    fn note(&mut self, what: &str, finding: &str) -> io::Result<()> {
        self.line("note", what, finding)
    }

    fn fault(&mut self, what: &str, finding: &str) -> io::Result<()> {
        self.faults += 1;
        self.line("FAULT", what, finding)
    }

    fn failed(&mut self, what: &str, error: &dyn Error) -> io::Result<()> {
        self.fault(what, &with_causes(error))
    }

    fn line(&mut self, verdict: &str, what: &str, finding: &str) -> io::Result<()> {
        writeln!(self.out, "{verdict:5}  {what:10}  {finding}")
    }
}

pub(super) async fn run(config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let mut report = Report { out, faults: 0 };
    report.good("settings", &format!("{} are right", config.settings.len()))?;
    for warning in &config.warnings {
        report.note("settings", warning)?;
    }
    check_ports(config, &mut report)?;
    look_at_mail(config, &mut report).await?;
    check_disk(config, &mut report)?;
    match &config.database.place {
        Place::File(path) if !path.exists() => match preflight::check_new_file(path) {
            Ok(()) => report.note(
                "database",
                &format!("{} will be made at the first start", path.display()),
            )?,
            Err(why) => report.fault("database", &why)?,
        },
        _ => look_at_database(config, &mut report).await?,
    }
    match report.faults {
        0 => Ok(()),
        1 => Err(Failure::Refused("one fault was found".to_owned())),
        faults => Err(Failure::Refused(format!("{faults} faults were found"))),
    }
}

/// Notes free space that runs short. Only that of an SQLite file can be seen from here.
fn check_disk(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    if let Place::File(path) = &config.database.place
        && let Some(free) = preflight::little_space(path)
    {
        return report.note(
            "disk",
            &format!(
                "only {free} MiB are free for {}: writes fail when the disk is full",
                path.display()
            ),
        );
    }
    Ok(())
}

/// Checks that the server could listen on its addresses. One that is in use may be in use by the server itself.
fn check_ports(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let management = config
        .http
        .management
        .map(|management| ("VESTIBULE_MANAGEMENT_ADDR", management.addr));
    for (setting, addr) in [("VESTIBULE_ADDR", config.http.addr)].into_iter().chain(management) {
        match TcpListener::bind(addr) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && health::is_live(addr) => {
                report.good("port", &format!("{setting} {addr}: a server is running here"))?;
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => report.note(
                "port",
                &format!("{setting} {addr} is in use by another program: stop that, or set another address"),
            )?,
            Err(error) => report.fault("port", &format!("cannot listen on {setting} {addr}: {error}"))?,
        }
    }
    Ok(())
}

async fn look_at_mail(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let post = match wire::post(config) {
        Ok(post) => post,
        Err(failure) => return report.failed("mail", &failure),
    };
    match post.check().await {
        Ok(()) if config.mail.url.sends() => report.good("mail", &format!("it goes by {}", config.mail.url)),
        Ok(()) => report.note("mail", "it goes to the log: links reach nobody else"),
        Err(error) => report.failed("mail", &error),
    }
}

async fn look_at_outbox(app: &App, report: &mut Report<'_>) -> io::Result<()> {
    match outbox::count(app).await {
        Ok(OutboxCounts { waiting, parked: 0 }) => report.good("outbox", &format!("{waiting} mails wait")),
        Ok(OutboxCounts { parked, .. }) => report.note(
            "outbox",
            &format!("{parked} mails are parked: see `vestibule mail list`"),
        ),
        Err(error) => report.failed("outbox", &error),
    }
}

/// Looks for addresses of earlier releases that may occupy the address of another person.
async fn check_emails(app: &App, report: &mut Report<'_>) -> io::Result<()> {
    match users::find_unacceptable_emails(app, &Actor::operator(), 10).await {
        Ok(users) => users.iter().try_for_each(|user| {
            let finding = format!(
                "{} ({}) would not be accepted today, and may keep the owner of a similar address from signing up: \
                 change it, or delete the user",
                user.email.as_str(),
                user.id
            );
            report.note("email", &finding)
        }),
        Err(error) => report.failed("email", &error),
    }
}

async fn look_at_database(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let store = match wire::connect_existing(&config.database).await {
        Ok(store) => store,
        Err(failure) => return report.failed("database", &failure),
    };
    match store.version().await {
        Ok(version) => report.good("database", &format!("{version} at {}", config.database.shown()))?,
        Err(error) => return report.failed("database", &error),
    }
    if config.database.pooler == Pooler::Transaction {
        report.note(
            "pooler",
            "transaction mode: every statement is a transaction, and migrations need a direct URL",
        )?;
    } else if !config.database.place.is_sqlite() {
        report.good("pooler", "none, or one in session mode")?;
    }
    look_at_clock(&store, report).await?;
    match store.check_durability().await {
        Ok(()) => report.good("durability", "what is acknowledged is on the disk")?,
        Err(error) => report.failed("durability", &error)?,
    }
    if config.database.place.is_sqlite() {
        // Begins to write, and writes nothing.
        match store.begin().await {
            Ok(_) => {}
            Err(StoreError::Conflict(_)) => report.note("database", "another process is writing and does not end")?,
            Err(error) => report.failed("database", &error)?,
        }
    }
    if look_at_schema(config, &store, report).await? {
        look_at_installation(config, store, report).await
    } else {
        Ok(())
    }
}

/// Says whether the schema is as this program needs it.
async fn look_at_schema(config: &Config, store: &SeaStore, report: &mut Report<'_>) -> io::Result<bool> {
    let status = match wire::migrations(store).status_on(store.reader()).await {
        Ok(status) => status,
        Err(error) => {
            report.failed("schema", &error)?;
            return Ok(false);
        }
    };
    match store.problems(preflight::counts(&status)).await {
        Ok(problems) if problems.is_empty() => {}
        Ok(problems) => {
            for problem in &problems {
                report.fault("database", &problem.to_string())?;
            }
            return Ok(status.pending_count() == 0);
        }
        Err(error) => report.failed("database", &error)?,
    }
    match (status.pending_count(), status.schema_state()) {
        (0, SchemaState::AtHead) => report.good("schema", "every migration is applied")?,
        (0, _) => report.note(
            "schema",
            "every migration is applied; see `vestibule migrate status` for what differs",
        )?,
        (pending, SchemaState::Pending) if config.database.auto_migrate => report.note(
            "schema",
            &format!("{pending} migrations will be applied at the next start"),
        )?,
        (pending, SchemaState::Pending) => report.fault(
            "schema",
            &format!("{pending} migrations are pending: run `vestibule migrate up`"),
        )?,
        (_, _) => report.fault("schema", "something does not match: see `vestibule migrate status`")?,
    }
    Ok(status.pending_count() == 0)
}

async fn look_at_clock(store: &SeaStore, report: &mut Report<'_>) -> io::Result<()> {
    let before = SystemClock.now();
    match store.now().await {
        Ok(theirs) => {
            let after = SystemClock.now();
            let apart = (before - theirs).max(theirs - after).max(TimeDelta::zero());
            let finding = format!("{:.3} s apart from the database", apart.as_seconds_f64());
            if apart > CLOCK_TOLERANCE {
                report.note(
                    "clock",
                    &format!("{finding}, whose clock is used: is NTP running on both?"),
                )
            } else {
                report.good("clock", &finding)
            }
        }
        Err(error) => report.failed("clock", &error),
    }
}

async fn look_at_installation(config: &Config, store: SeaStore, report: &mut Report<'_>) -> io::Result<()> {
    let key = match preflight::check_key(config, &store).await {
        Ok((key, KeyCheck::Successor)) => {
            report.note("key", "it takes the place of the previous one at the next start")?;
            key
        }
        Ok((key, KeyCheck::Known)) => {
            report.good("key", "it is the one that the database knows")?;
            key
        }
        Ok((key, _)) => {
            report.note("key", "the database will know it from the next start")?;
            key
        }
        Err(failure) => {
            report.failed("key", &failure)?;
            None
        }
    };
    // What follows needs no key.
    let key = key.unwrap_or_else(|| SecretKey::generate(&SystemRng));
    let app = match wire::assemble(config, store, key) {
        Ok(Wired { app, .. }) => app,
        Err(failure) => return report.failed("key", &failure),
    };
    look_at_outbox(&app, report).await?;
    check_emails(&app, report).await?;
    match setup::is_open(&app).await {
        Ok(false) => report.good("setup", "there has been an administrator"),
        Ok(true) => report.note(
            "setup",
            "there is no administrator yet: the server prints a link at its start",
        ),
        Err(error) => report.failed("setup", &error),
    }
}
