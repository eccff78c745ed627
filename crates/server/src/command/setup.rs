//! The first administrator at the start of the server.

use vestibule_api::{App, setup_path};
use vestibule_domain::{
    passwords,
    setup::{self, SetupError, SetupToken},
};

use crate::{
    Failure,
    config::{Config, LogFormat},
};

/// Makes the administrator whom the settings name, if the installation waits for one. If it still waits,
/// gives the token that lets somebody become it.
pub(super) async fn prepare(app: &App, config: &Config) -> Result<Option<SetupToken>, Failure> {
    let database_failed = |error| Failure::Failed("the database failed", error);
    let is_open = setup::is_open(app).await;
    let is_open = is_open.map_err(|error| database_failed(error.into()))?;
    if let (true, Some(first)) = (is_open, config.accounts.administrator.clone()) {
        // Its length was seen to with the settings.
        passwords::validate_new_password(app, first.password.expose(), Some(&first.email))
            .map_err(|error| Failure::Refused(format!("VESTIBULE_ADMIN_PASSWORD: a password {error}")))?;
        match setup::complete(app, first).await {
            Ok(user) => tracing::info!(id = %user.id, "made the first administrator"),
            Err(SetupError::Closed) => {}
            Err(SetupError::EmailTaken) => {
                let why = "another user has VESTIBULE_ADMIN_EMAIL, and setup makes nobody an administrator who \
                           exists; `vestibule role grant` does";
                return Err(Failure::Refused(why.to_owned()));
            }
            Err(error) => return Err(database_failed(error.into())),
        }
    }
    let token = setup::token(app).await;
    token.map_err(|error| database_failed(error.into()))
}

/// Tells the operator where to become the first administrator. The line is for the one who started the
/// server and is no event, whatever the filter of the log.
pub(super) fn print_link(token: &SetupToken, config: &Config) {
    let link = format!("{}{}", config.http.public_url.as_str(), setup_path(token));
    match config.log.format {
        LogFormat::Pretty => eprintln!("\nMake the first administrator at {link}\n"),
        LogFormat::Json => eprintln!(r#"{{"level":"INFO","message":"make the first administrator","link":"{link}"}}"#),
    }
}
