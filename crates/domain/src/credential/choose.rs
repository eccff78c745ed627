//! Choosing a password.

use crate::{
    App,
    credential::{Password, PasswordError},
    user::EmailAddress,
};

/// Takes a password that somebody chooses for the account with this address, if it is as the policy asks.
///
/// # Errors
/// [`PasswordError`].
pub fn choose<S>(app: &App<S>, text: &str, email: Option<&EmailAddress>) -> Result<Password, PasswordError> {
    let password = Password::choose(text, app.policy.password_min_length, email)?;
    let least = app.policy.password_min_score;
    if least > 0 {
        let about: Vec<&str> = email.map(EmailAddress::as_str).into_iter().collect();
        let strength = app.meter.measure(password.expose(), &about);
        if strength.score < least {
            return Err(PasswordError::Weak(strength.advice));
        }
    }
    Ok(password)
}
