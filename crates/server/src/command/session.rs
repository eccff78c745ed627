//! `session`.

use std::io::Write;

use chrono::SecondsFormat;
use vestibule_api::App;
use vestibule_domain::{Actor, Limit, ListSessions, ParseIdError, Timestamp, sessions};

use super::{errors::use_case_error, user::find_user};
use crate::{CommandError, bootstrap, cli, config::Config};

pub(super) async fn run(command: &cli::Session, config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let app = bootstrap::open(config).await?;
    match command {
        cli::Session::List { email } => list(&app, email, out).await,
        cli::Session::Revoke { target } if target.contains('@') => revoke_all(&app, target, out).await,
        cli::Session::Revoke { target } => revoke(&app, target, out).await,
    }
}

/// Prints tab-separated columns for other programs.
async fn list(app: &App, email: &str, out: &mut dyn Write) -> Result<(), CommandError> {
    let user = find_user(app, email).await?;
    let time = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut list = ListSessions {
        limit: Limit::LARGEST,
        ..ListSessions::default()
    };
    loop {
        let page = sessions::list_for_user(app, &Actor::operator(), user.id, &list).await;
        let page = page.map_err(use_case_error)?;
        for session in page.rows {
            let (id, created_at, last_used_at) = (session.id, time(session.created_at), time(session.last_used_at));
            let ip_address = session.device.ip_address.unwrap_or_default();
            let user_agent = session.device.user_agent.unwrap_or_default();
            writeln!(out, "{id}\t{created_at}\t{last_used_at}\t{ip_address}\t{user_agent}")?;
        }
        list.after = page.next;
        if list.after.is_none() {
            return Ok(());
        }
    }
}

async fn revoke_all(app: &App, email: &str, out: &mut dyn Write) -> Result<(), CommandError> {
    let user = find_user(app, email).await?;
    let revoked = sessions::revoke_all(app, &Actor::operator(), user.id).await;
    revoked.map_err(use_case_error)?;
    writeln!(out, "revoked all sessions of {}", user.email.as_str())?;
    Ok(())
}

async fn revoke(app: &App, id: &str, out: &mut dyn Write) -> Result<(), CommandError> {
    let not_an_id = |error: ParseIdError| {
        let message = format!("`{id}` is neither an email address nor a session id: it is {error}");
        CommandError::Rejected(message)
    };
    let id = id.parse().map_err(not_an_id)?;
    sessions::revoke_any(app, &Actor::operator(), id)
        .await
        .map_err(use_case_error)?;
    writeln!(out, "revoked session {id}")?;
    Ok(())
}
