//! `doctor`: checks of everything the server depends on. It changes and creates nothing.

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
    CommandError,
    bootstrap::{self, Components},
    config::{Config, DatabaseKind},
    error::with_causes,
    preflight,
};

/// The clock difference from the database above which a note is reported.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(2);

/// The report, which is printed line by line.
struct Report<'a> {
    out: &'a mut dyn Write,
    problems: u32,
}

impl Report<'_> {
    fn ok(&mut self, subject: &str, finding: &str) -> io::Result<()> {
        self.line("ok", subject, finding)
    }

    /// Reports something that works but needs attention.
    fn note(&mut self, subject: &str, finding: &str) -> io::Result<()> {
        self.line("note", subject, finding)
    }

    fn error(&mut self, subject: &str, finding: &str) -> io::Result<()> {
        self.problems += 1;
        self.line("ERROR", subject, finding)
    }

    fn failed(&mut self, subject: &str, error: &dyn Error) -> io::Result<()> {
        self.error(subject, &with_causes(error))
    }

    fn line(&mut self, level: &str, subject: &str, finding: &str) -> io::Result<()> {
        writeln!(self.out, "{level:5}  {subject:10}  {finding}")
    }
}

pub(super) async fn run(config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let mut report = Report { out, problems: 0 };
    report.ok("settings", &format!("{} valid settings", config.settings.len()))?;
    for warning in &config.warnings {
        report.note("settings", warning)?;
    }
    check_ports(config, &mut report)?;
    check_mail(config, &mut report).await?;
    check_disk(config, &mut report)?;
    match &config.database.kind {
        DatabaseKind::File(path) if !path.exists() => match preflight::check_new_file(path) {
            Ok(()) => report.note(
                "database",
                &format!("{} will be created at the first start", path.display()),
            )?,
            Err(reason) => report.error("database", &reason)?,
        },
        _ => check_database(config, &mut report).await?,
    }
    match report.problems {
        0 => Ok(()),
        1 => Err(CommandError::Rejected("found 1 problem".to_owned())),
        problems => Err(CommandError::Rejected(format!("found {problems} problems"))),
    }
}

/// Reports low disk space. Only the disk of an SQLite file can be checked from here.
fn check_disk(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    if let DatabaseKind::File(path) = &config.database.kind
        && let Some(free) = preflight::low_free_space(path)
    {
        return report.note(
            "disk",
            &format!(
                "only {free} MiB are free for {}; writes fail when the disk is full",
                path.display()
            ),
        );
    }
    Ok(())
}

/// Checks that the server could listen on its addresses. An address may be in use by the server itself.
fn check_ports(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let management = config
        .http
        .management
        .map(|management| ("VESTIBULE_MANAGEMENT_ADDR", management.addr));
    for (setting, addr) in [("VESTIBULE_ADDR", config.http.addr)].into_iter().chain(management) {
        match TcpListener::bind(addr) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && health::is_live(addr) => {
                report.ok("port", &format!("{setting} {addr}: the server is running"))?;
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => report.note(
                "port",
                &format!("{setting} {addr} is in use by another program; stop it or set a different address"),
            )?,
            Err(error) => report.error("port", &format!("cannot listen on {setting} {addr}: {error}"))?,
        }
    }
    Ok(())
}

async fn check_mail(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let mailer = match bootstrap::mailer(config) {
        Ok(mailer) => mailer,
        Err(error) => return report.failed("mail", &error),
    };
    match mailer.check().await {
        Ok(()) if config.mail.url.sends() => report.ok("mail", &format!("sent via {}", config.mail.url)),
        Ok(()) => report.note(
            "mail",
            "written to the log and not sent; set VESTIBULE_MAIL_URL to send it",
        ),
        Err(error) => report.failed("mail", &error),
    }
}

async fn check_outbox(app: &App, report: &mut Report<'_>) -> io::Result<()> {
    match outbox::count(app).await {
        Ok(OutboxCounts {
            waiting,
            dead_letters: 0,
        }) => report.ok("outbox", &format!("emails waiting: {waiting}")),
        Ok(OutboxCounts { dead_letters, .. }) => report.note(
            "outbox",
            &format!("dead letters: {dead_letters}; see `vestibule mail list`"),
        ),
        Err(error) => report.failed("outbox", &error),
    }
}

/// Reports emails that earlier releases accepted, that are invalid now, and that may prevent another user from signing
/// up.
async fn check_emails(app: &App, report: &mut Report<'_>) -> io::Result<()> {
    match users::find_unacceptable_emails(app, &Actor::operator(), 10).await {
        Ok(users) => users.iter().try_for_each(|user| {
            let finding = format!(
                "{} (user {}) is no longer valid and may prevent the owner of a similar email from signing up; change it \
                 or delete the user",
                user.email.as_str(),
                user.id
            );
            report.note("email", &finding)
        }),
        Err(error) => report.failed("email", &error),
    }
}

async fn check_database(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let store = match bootstrap::connect_existing(&config.database).await {
        Ok(store) => store,
        Err(error) => return report.failed("database", &error),
    };
    match store.version().await {
        Ok(version) => report.ok("database", &format!("{version} at {}", config.database.redacted()))?,
        Err(error) => return report.failed("database", &error),
    }
    if config.database.pooler == Pooler::Transaction {
        report.note(
            "pooler",
            "transaction mode; migrations need a DATABASE_URL that connects directly to the database server",
        )?;
    } else if !config.database.kind.is_sqlite() {
        report.ok("pooler", "none, or in session mode")?;
    }
    check_clock(&store, report).await?;
    match store.check_durability().await {
        Ok(()) => report.ok("durability", "acknowledged writes are on disk")?,
        Err(error) => report.failed("durability", &error)?,
    }
    check_sqlite_build(config, &store, report).await?;
    if config.database.kind.is_sqlite() {
        // Acquires the write lock without writing anything.
        match store.begin().await {
            Ok(_) => {}
            Err(StoreError::Conflict(_)) => {
                report.note("database", "another process has held the write lock for too long")?;
            }
            Err(error) => report.failed("database", &error)?,
        }
    }
    if check_schema(config, &store, report).await? {
        check_installation(config, store, report).await
    } else {
        Ok(())
    }
}

async fn check_sqlite_build(config: &Config, store: &SeaStore, report: &mut Report<'_>) -> io::Result<()> {
    if !config.database.kind.is_sqlite() {
        return Ok(());
    }
    match store.has_independent_connections().await {
        Ok(true) => report.ok("cores", "connections to SQLite do not wait for each other"),
        Ok(false) => report.note(
            "cores",
            "SQLite is slower on several cores than on one; compile the server with LIBSQLITE3_FLAGS as in \
             .cargo/config.toml",
        ),
        Err(error) => report.failed("cores", &error),
    }
}

/// Checks the schema. Returns whether every migration is applied, which further checks require.
async fn check_schema(config: &Config, store: &SeaStore, report: &mut Report<'_>) -> io::Result<bool> {
    let status = match bootstrap::migrations(store).status_on(store.reader()).await {
        Ok(status) => status,
        Err(error) => {
            report.failed("schema", &error)?;
            return Ok(false);
        }
    };
    match store.problems(preflight::count_migrations(&status)).await {
        Ok(problems) if problems.is_empty() => {}
        Ok(problems) => {
            for problem in &problems {
                report.error("database", &problem.to_string())?;
            }
            return Ok(status.pending_count() == 0);
        }
        Err(error) => report.failed("database", &error)?,
    }
    match (status.pending_count(), status.schema_state()) {
        (0, SchemaState::AtHead) => report.ok("schema", "all migrations are applied")?,
        (0, _) => report.note(
            "schema",
            "all migrations are applied; `vestibule migrate status` shows differences",
        )?,
        (pending, SchemaState::Pending) if config.database.auto_migrate => report.note(
            "schema",
            &format!("pending migrations ({pending}) will be applied at the next start"),
        )?,
        (pending, SchemaState::Pending) => report.error(
            "schema",
            &format!("pending migrations ({pending}); run `vestibule migrate up`"),
        )?,
        (_, _) => report.error("schema", "does not match this program; see `vestibule migrate status`")?,
    }
    Ok(status.pending_count() == 0)
}

async fn check_clock(store: &SeaStore, report: &mut Report<'_>) -> io::Result<()> {
    let before = SystemClock.now();
    match store.now().await {
        Ok(database_time) => {
            let after = SystemClock.now();
            let skew = (before - database_time)
                .max(database_time - after)
                .max(TimeDelta::zero());
            let finding = format!("differs from the database clock by {:.3} s", skew.as_seconds_f64());
            if skew > CLOCK_TOLERANCE {
                report.note(
                    "clock",
                    &format!("{finding}; the database clock is used. Check NTP on both machines"),
                )
            } else {
                report.ok("clock", &finding)
            }
        }
        Err(error) => report.failed("clock", &error),
    }
}

async fn check_installation(config: &Config, store: SeaStore, report: &mut Report<'_>) -> io::Result<()> {
    let key = match preflight::check_key(config, &store).await {
        Ok((key, KeyCheck::Successor)) => {
            report.note("key", "will replace the previous key at the next start")?;
            key
        }
        Ok((key, KeyCheck::Known)) => {
            report.ok("key", "matches the database")?;
            key
        }
        Ok((key, _)) => {
            report.note("key", "will be registered in the database at the next start")?;
            key
        }
        Err(error) => {
            report.failed("key", &error)?;
            None
        }
    };
    // The remaining checks do not depend on the key.
    let key = key.unwrap_or_else(|| SecretKey::generate(&SystemRng));
    let app = match bootstrap::assemble(config, store, key) {
        Ok(Components { app, .. }) => app,
        Err(error) => return report.failed("key", &error),
    };
    check_outbox(&app, report).await?;
    check_emails(&app, report).await?;
    match setup::is_open(&app).await {
        Ok(false) => report.ok("setup", "complete"),
        Ok(true) => report.note(
            "setup",
            "there is no administrator yet; the server prints a setup link when it starts",
        ),
        Err(error) => report.failed("setup", &error),
    }
}
