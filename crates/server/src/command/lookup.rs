//! Finding what the operator names.

use vestibule_api::App;
use vestibule_domain::{Actor, EmailAddress, NormalizedEmail, User, users};

use super::refusal::{refused, user_failure};
use crate::Failure;

pub(super) fn address(text: &str) -> Result<EmailAddress, Failure> {
    EmailAddress::parse(text).map_err(|error| refused("the address", error))
}

/// The user with this address.
pub(super) async fn find(app: &App, email: &str) -> Result<User, Failure> {
    let key = NormalizedEmail::parse(email).map_err(|error| refused("the address", error))?;
    let found = users::find_by_email(app, &Actor::operator(), &key).await;
    found.map_err(user_failure)
}
