//! Mail, for the operator.

use std::io::Write;

use chrono::SecondsFormat;
use vestibule_api::App;
use vestibule_domain::{StoreError, Timestamp, outbox};

use super::lookup::address;
use crate::{Failure, cli, config::Config, wire};

pub(super) async fn run(action: &cli::Mail, config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let app = wire::open(config).await?;
    match action {
        cli::Mail::List { limit } => list(&app, *limit, out).await,
        cli::Mail::Retry => retry(&app, out).await,
        cli::Mail::Test { address } => test(&app, config, address, out).await,
    }
}

/// Prints tab-separated columns, so that other programs can read them.
async fn list(app: &App, limit: u32, out: &mut dyn Write) -> Result<(), Failure> {
    let time = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    for mail in outbox::list(app, limit).await.map_err(database_failed)? {
        let (id, written, kind) = (mail.id, time(mail.created_at), mail.kind.as_str());
        let to = mail.address.unwrap_or_default();
        let due = mail.due_at.map_or_else(|| "parked".to_owned(), time);
        let error = mail.last_error.unwrap_or_default().replace(char::is_control, " ");
        writeln!(out, "{id}\t{written}\t{kind}\t{to}\t{due}\t{}\t{error}", mail.attempts)?;
    }
    Ok(())
}

async fn retry(app: &App, out: &mut dyn Write) -> Result<(), Failure> {
    match outbox::retry_now(app).await.map_err(database_failed)? {
        1 => writeln!(out, "one mail will be tried again")?,
        count => writeln!(out, "{count} mails will be tried again")?,
    }
    Ok(())
}

async fn test(app: &App, config: &Config, to: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let to = address(to)?;
    let post = wire::post(config)?;
    let sent = outbox::send_test(app, &post, &to).await;
    post.close().await;
    sent.map_err(|error| Failure::Failed("the mail was not sent", error.into()))?;
    writeln!(out, "sent to {} by {}", to.as_str(), config.mail.url)?;
    Ok(())
}

fn database_failed(error: StoreError) -> Failure {
    Failure::Failed("the database failed", error.into())
}
