//! `user`.

use std::io::Write;

use vestibule_api::App;
use vestibule_domain::{
    Actor, DisplayName, EmailAddress, IfMatch, Limit, ListUsers, NormalizedEmail, Password, RoleName, Status, User,
    factors, passwords,
    users::{self, NewUser, UserChanges},
};

use super::{
    errors::{invalid_value, use_case_error},
    import, password, seed,
};
use crate::{CommandError, bootstrap, cli, config::Config};

pub(super) async fn run(command: cli::User, config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    let app = bootstrap::open(config).await?;
    match command {
        cli::User::Create {
            email,
            admin,
            display_name,
        } => create(&app, &email, admin, display_name, out).await,
        cli::User::List { limit } => list(&app, limit, out).await,
        cli::User::SetPassword { email } => set_password(&app, &email, out).await,
        cli::User::Disable { email } => set_status(&app, &email, Status::Disabled, out).await,
        cli::User::Enable { email } => set_status(&app, &email, Status::Active, out).await,
        cli::User::ResetFactors { email } => reset_factors(&app, &email, out).await,
        cli::User::Import { file, apply, verified } => import::run(&app, &file, apply, verified, out).await,
        cli::User::Seed { count } => seed::run(&app, count, out).await,
    }
}

async fn create(
    app: &App,
    email: &str,
    admin: bool,
    display_name: Option<String>,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let email = parse_email(email)?;
    let display_name = display_name.as_deref().map(DisplayName::parse).transpose();
    let display_name = display_name.map_err(|error| invalid_value("the display name", error))?;
    let password = new_password(app, &email)?;
    let roles = admin.then(|| vec![RoleName::ADMIN, RoleName::MEMBER]);
    let user = users::create(
        app,
        &Actor::operator(),
        NewUser {
            email,
            password: Some(password),
            display_name,
            roles,
            email_verified: admin,
        },
        None,
    )
    .await;
    let user = user.map_err(use_case_error)?;
    writeln!(out, "created {}  {}", user.id, user.email.as_str())?;
    Ok(())
}

/// Prints tab-separated columns for other programs.
async fn list(app: &App, limit: u32, out: &mut dyn Write) -> Result<(), CommandError> {
    let mut query = ListUsers::default();
    let mut remaining = limit;
    while let Some(limit) = Limit::new(remaining.min(Limit::MAX)) {
        query.limit = limit;
        let page = users::list(app, &Actor::operator(), &query)
            .await
            .map_err(use_case_error)?;
        for row in &page.rows {
            let roles: Vec<_> = row.user.roles.iter().map(RoleName::as_str).collect();
            let (id, email, status) = (row.user.id, row.user.email.as_str(), row.user.status.as_str());
            writeln!(out, "{id}\t{email}\t{status}\t{}", roles.join(","))?;
        }
        if page.next.is_none() {
            break;
        }
        remaining -= limit.get();
        query.after = page.next;
    }
    Ok(())
}

async fn set_password(app: &App, email: &str, out: &mut dyn Write) -> Result<(), CommandError> {
    let user = find_user(app, email).await?;
    let password = new_password(app, &user.email)?;
    users::set_password(app, &Actor::operator(), user.id, password)
        .await
        .map_err(use_case_error)?;
    writeln!(
        out,
        "set the password of {} and revoked all sessions",
        user.email.as_str()
    )?;
    Ok(())
}

async fn set_status(app: &App, email: &str, status: Status, out: &mut dyn Write) -> Result<(), CommandError> {
    let user = find_user(app, email).await?;
    let changes = UserChanges {
        status: Some(status),
        ..UserChanges::default()
    };
    let user = users::update(app, &Actor::operator(), user.id, changes, IfMatch::Unconditional)
        .await
        .map_err(use_case_error)?;
    if user.status == Status::Disabled {
        writeln!(out, "disabled {} and revoked all sessions", user.email.as_str())?;
    } else {
        writeln!(out, "enabled {}", user.email.as_str())?;
    }
    Ok(())
}

async fn reset_factors(app: &App, email: &str, out: &mut dyn Write) -> Result<(), CommandError> {
    let user = find_user(app, email).await?;
    factors::reset(app, &Actor::operator(), user.id)
        .await
        .map_err(use_case_error)?;
    writeln!(
        out,
        "removed the second factors of {} and revoked all sessions",
        user.email.as_str()
    )?;
    Ok(())
}

fn new_password(app: &App, email: &EmailAddress) -> Result<Password, CommandError> {
    let text = password::read()?;
    let password = passwords::validate_new_password(app, text.expose(), Some(email));
    password.map_err(|error| invalid_value("the password", error))
}

pub(super) fn parse_email(text: &str) -> Result<EmailAddress, CommandError> {
    EmailAddress::parse(text).map_err(|error| invalid_value("the email", error))
}

/// Returns the user with this email address.
pub(super) async fn find_user(app: &App, email: &str) -> Result<User, CommandError> {
    let email = NormalizedEmail::parse(email).map_err(|error| invalid_value("the email", error))?;
    let found = users::find_by_email(app, &Actor::operator(), &email).await;
    found.map_err(use_case_error)
}
