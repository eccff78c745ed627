//! Sessions, for the operator.

use std::io::Write;

use chrono::SecondsFormat;
use vestibule_api::App;
use vestibule_domain::{Actor, Limit, Timestamp, sessions};

use super::{
    lookup::find,
    refusal::{refused, session_failure},
};
use crate::{Failure, cli, config::Config, wire};

pub(super) async fn run(action: &cli::Session, config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let app = wire::open(config).await?;
    match action {
        cli::Session::List { email } => list(&app, email, out).await,
        cli::Session::Revoke { target } if target.contains('@') => revoke_all(&app, target, out).await,
        cli::Session::Revoke { target } => revoke(&app, target, out).await,
    }
}

/// Prints tab-separated columns, so that other programs can read them.
async fn list(app: &App, email: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let user = find(app, email).await?;
    let time = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut after = None;
    loop {
        let page = sessions::list_for_user(app, &Actor::operator(), user.id, after, Limit::LARGEST).await;
        let page = page.map_err(session_failure)?;
        for session in page.rows {
            let (id, started, used) = (session.id, time(session.created_at), time(session.last_used_at));
            let address = session.device.ip_address.unwrap_or_default();
            let agent = session.device.user_agent.unwrap_or_default();
            writeln!(out, "{id}\t{started}\t{used}\t{address}\t{agent}")?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn revoke_all(app: &App, email: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let user = find(app, email).await?;
    let ended = sessions::revoke_all(app, &Actor::operator(), user.id).await;
    ended.map_err(session_failure)?;
    writeln!(out, "every session of {} has ended", user.email.as_str())?;
    Ok(())
}

async fn revoke(app: &App, id: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let id = id.parse().map_err(|error| refused("the session", error))?;
    sessions::revoke_any(app, &Actor::operator(), id)
        .await
        .map_err(session_failure)?;
    writeln!(out, "session {id} has ended")?;
    Ok(())
}
