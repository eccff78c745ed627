//! `mail`: unsent emails, and testing delivery.

use std::io::Write;

use chrono::SecondsFormat;
use vestibule_api::App;
use vestibule_domain::{StoreError, Timestamp, outbox};

use super::user::parse_email;
use crate::{CommandError, bootstrap, cli, config::Config};

pub(super) async fn run(command: &cli::Mail, config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let app = bootstrap::open(config).await?;
    match command {
        cli::Mail::List { limit } => list(&app, *limit, out).await,
        cli::Mail::Retry => retry(&app, out).await,
        cli::Mail::Test { address } => test(&app, config, address, out).await,
    }
}

/// Prints tab-separated columns for other programs.
async fn list(app: &App, limit: u32, out: &mut dyn Write) -> Result<(), CommandError> {
    let time = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    for email in outbox::list(app, limit).await.map_err(database_failed)? {
        let (id, created_at, kind) = (email.id, time(email.created_at), email.kind.as_str());
        let recipient = email.address.unwrap_or_default();
        let due = email.due_at.map_or_else(|| "dead letter".to_owned(), time);
        let error = email.last_error.unwrap_or_default().replace(char::is_control, " ");
        writeln!(
            out,
            "{id}\t{created_at}\t{kind}\t{recipient}\t{due}\t{}\t{error}",
            email.attempts
        )?;
    }
    Ok(())
}

async fn retry(app: &App, out: &mut dyn Write) -> Result<(), CommandError> {
    match outbox::retry_now(app).await.map_err(database_failed)? {
        1 => writeln!(out, "1 email will be retried")?,
        count => writeln!(out, "{count} emails will be retried")?,
    }
    Ok(())
}

async fn test(app: &App, config: &Config, recipient: &str, out: &mut dyn Write) -> Result<(), CommandError> {
    let recipient = parse_email(recipient)?;
    let mailer = bootstrap::mailer(config)?;
    let sent = outbox::send_test(app, &mailer, &recipient).await;
    mailer.close().await;
    sent.map_err(|error| CommandError::Failed("the test email was not sent", error.into()))?;
    writeln!(
        out,
        "sent a test email to {} via {}",
        recipient.as_str(),
        config.mail.url
    )?;
    Ok(())
}

fn database_failed(error: StoreError) -> CommandError {
    CommandError::Failed("a database operation failed", error.into())
}
