//! The first administrator, at startup.

use vestibule_api::{App, setup_path};
use vestibule_domain::{
    passwords,
    setup::{self, SetupError, SetupToken},
};

use crate::{
    CommandError,
    config::{Config, LogFormat},
};

/// Creates the configured administrator if setup is open. Returns the setup token if setup is open afterwards.
pub(super) async fn prepare(app: &App, config: &Config) -> Result<Option<SetupToken>, CommandError> {
    let database_failed = |error| CommandError::Failed("a database operation failed", error);
    let is_open = setup::is_open(app).await;
    let is_open = is_open.map_err(|error| database_failed(error.into()))?;
    if let (true, Some(first)) = (is_open, config.accounts.administrator.clone()) {
        // The configuration has only checked its length.
        passwords::validate_new_password(app, first.password.expose(), Some(&first.email))
            .map_err(|error| CommandError::Rejected(format!("VESTIBULE_ADMIN_PASSWORD: the password {error}")))?;
        match setup::complete(app, first).await {
            Ok(user) => tracing::info!(id = %user.id, "created the first administrator"),
            Err(SetupError::Closed(_)) => {}
            Err(SetupError::EmailTaken(_)) => {
                let reason = "a user with the email VESTIBULE_ADMIN_EMAIL already exists, and setup does not promote \
                              existing users; run `vestibule role grant EMAIL admin` instead";
                return Err(CommandError::Rejected(reason.to_owned()));
            }
            Err(error) => return Err(database_failed(error.into())),
        }
    }
    let token = setup::token(app).await;
    token.map_err(|error| database_failed(error.into()))
}

/// Prints the setup link to standard error. It is not a log event, so no log filter hides it.
pub(super) fn print_link(token: &SetupToken, config: &Config) {
    let link = format!("{}{}", config.http.public_url.as_str(), setup_path(token));
    match config.log.format {
        LogFormat::Pretty => eprintln!("\nCreate the first administrator at {link}\n"),
        LogFormat::Json => {
            eprintln!(r#"{{"level":"INFO","message":"create the first administrator","link":"{link}"}}"#);
        }
    }
}
