//! `role`.

use std::io::Write;

use vestibule_api::App;
use vestibule_domain::{Actor, IfMatch, ListRoles, RoleName, roles, users};

use super::{
    errors::{invalid_value, use_case_error},
    user::find_user,
};
use crate::{CommandError, bootstrap, cli, config::Config};

pub(super) async fn run(command: &cli::Role, config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let app = bootstrap::open(config).await?;
    match command {
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

/// Prints tab-separated columns for other programs.
async fn list(app: &App, out: &mut dyn Write) -> Result<(), CommandError> {
    let mut list = ListRoles::default();
    loop {
        let page = roles::list(app, &Actor::operator(), &list).await;
        let page = page.map_err(use_case_error)?;
        for row in &page.rows {
            let permissions = row.role.permissions.names().join(",");
            writeln!(out, "{}\t{}\t{permissions}", row.role.name, row.user_count)?;
        }
        list.after = page.next;
        if list.after.is_none() {
            return Ok(());
        }
    }
}

/// Edits the roles of a user and prints the new ones. Fails if the user is changed concurrently.
async fn change(
    app: &App,
    email: &str,
    out: &mut dyn Write,
    edit: impl FnOnce(&mut Vec<RoleName>),
) -> Result<(), CommandError> {
    let user = find_user(app, email).await?;
    let mut roles = user.roles;
    edit(&mut roles);
    let if_match = IfMatch::OneOf(vec![user.version]);
    let user = users::set_roles(app, &Actor::operator(), user.id, &roles, if_match).await;
    let user = user.map_err(use_case_error)?;
    let roles: Vec<_> = user.roles.iter().map(RoleName::as_str).collect();
    let roles = if roles.is_empty() {
        "none".to_owned()
    } else {
        roles.join(", ")
    };
    writeln!(out, "roles of {}: {roles}", user.email.as_str())?;
    Ok(())
}

fn parse(text: &str) -> Result<RoleName, CommandError> {
    text.parse()
        .map_err(|error| invalid_value("the name of the role", error))
}
