//! Roles, for the operator.

use std::io::Write;

use vestibule_api::App;
use vestibule_domain::{Actor, IfMatch, Limit, RoleName, roles, users};

use super::{
    lookup::find,
    refusal::{refused, role_failure, user_failure},
};
use crate::{Failure, cli, config::Config, wire};

pub(super) async fn run(action: &cli::Role, config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let app = wire::open(config).await?;
    match action {
        cli::Role::List => list(&app, out).await,
        cli::Role::Grant { email, role } => {
            let role = parse(role)?;
            change(&app, email, out, |roles| {
                roles.push(role);
                roles.sort();
                roles.dedup();
            })
            .await
        }
        cli::Role::Revoke { email, role } => {
            let role = parse(role)?;
            change(&app, email, out, |roles| roles.retain(|held| *held != role)).await
        }
    }
}

/// Prints tab-separated columns, so that other programs can read them.
async fn list(app: &App, out: &mut dyn Write) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = roles::list(app, &Actor::operator(), after.as_ref(), Limit::default()).await;
        let page = page.map_err(role_failure)?;
        for row in &page.rows {
            let permissions = row.role.permissions.names().join(",");
            writeln!(out, "{}\t{}\t{permissions}", row.role.name, row.user_count)?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn change(
    app: &App,
    email: &str,
    out: &mut dyn Write,
    edit: impl FnOnce(&mut Vec<RoleName>),
) -> Result<(), Failure> {
    let user = find(app, email).await?;
    let mut roles = user.roles;
    edit(&mut roles);
    let unchanged = IfMatch::OneOf(vec![user.version]);
    let user = users::set_roles(app, &Actor::operator(), user.id, &roles, unchanged).await;
    let user = user.map_err(user_failure)?;
    let roles: Vec<_> = user.roles.iter().map(RoleName::as_str).collect();
    writeln!(
        out,
        "{} has {}",
        user.email.as_str(),
        if roles.is_empty() {
            "no roles".to_owned()
        } else {
            roles.join(", ")
        }
    )?;
    Ok(())
}

fn parse(text: &str) -> Result<RoleName, Failure> {
    text.parse().map_err(|error| refused("the name of the role", error))
}
