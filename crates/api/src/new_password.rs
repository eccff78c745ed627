//! The rules for new passwords.

use vestibule_domain::{EmailAddress, Password, passwords::validate_new_password};
use vestibule_schema::FieldError;

use crate::App;

/// Checks a required new password for the account with this email address.
pub(crate) fn new_password(
    app: &App,
    text: Option<&str>,
    email: Option<&EmailAddress>,
) -> Result<Password, FieldError> {
    let text = text.ok_or_else(FieldError::required)?;
    Ok(validate_new_password(app, text, email)?)
}
