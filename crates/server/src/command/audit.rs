//! The audit trail, for other programs.

use std::io::Write;

use vestibule_domain::{Actor, Limit, ListEvents, audit};
use vestibule_schema::AuditEventResponse;

use crate::{Failure, config::Config, wire};

/// Prints newline-delimited JSON.
pub(super) async fn export(config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let app = wire::open(config).await?;
    let mut list = ListEvents {
        limit: Limit::new(Limit::MAX).unwrap_or_default(),
        ..ListEvents::default()
    };
    loop {
        let page = audit::list(&app, &Actor::operator(), &list).await;
        let page = page.map_err(|error| Failure::Failed("the trail cannot be read", error.into()))?;
        for event in page.rows {
            let line = serde_json::to_string(&AuditEventResponse::from(event));
            writeln!(
                out,
                "{}",
                line.map_err(|error| Failure::Failed("writing", error.into()))?
            )?;
        }
        list.after = page.next;
        if list.after.is_none() {
            return Ok(());
        }
    }
}
