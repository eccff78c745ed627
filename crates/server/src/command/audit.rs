//! `audit export`.

use std::io::Write;

use vestibule_domain::{Actor, Limit, ListEvents, audit};
use vestibule_schema::AuditEventResponse;

use crate::{CommandError, bootstrap, config::Config};

/// Prints the audit log as newline-delimited JSON.
pub(super) async fn export(config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let app = bootstrap::open(config).await?;
    let mut list = ListEvents {
        limit: Limit::new(Limit::MAX).unwrap_or_default(),
        ..ListEvents::default()
    };
    loop {
        let page = audit::list(&app, &Actor::operator(), &list).await;
        let page = page.map_err(|error| CommandError::Failed("cannot read the audit log", error.into()))?;
        for event in page.rows {
            let line = serde_json::to_string(&AuditEventResponse::from(event));
            let line = line.map_err(|error| CommandError::Failed("cannot write an event as JSON", error.into()))?;
            writeln!(out, "{line}")?;
        }
        list.after = page.next;
        if list.after.is_none() {
            return Ok(());
        }
    }
}
