//! Requests with a new password.

use deserr::{Deserr, ValuePointerRef};
use serde_json::Value;
use vestibule_domain::EmailAddress;

use super::{
    errors::RequestErrors,
    json::{ParsedBody, RequestBody},
};
use crate::FieldError;

/// A request with a new password.
pub trait SetsPassword: Deserr<RequestErrors> {
    /// The name of the member with the new password.
    const PASSWORD: &'static str;

    /// The name of the member with the email address of its account, if the request has one.
    const EMAIL: Option<&'static str> = None;
}

/// A request of type `T` whose new password has to be checked. The rules depend on the configuration and on the
/// account, so they are applied after deserialization, but their error is reported together with those of `T`.
pub struct WithNewPassword<T> {
    request: Result<T, RequestErrors>,
    password: Option<String>,
    email: Option<EmailAddress>,
}

impl<T: SetsPassword> WithNewPassword<T> {
    /// Returns the text of the new password, even if other members have errors.
    #[must_use]
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// Returns the email address of its account, even if other members have errors. Returns `None` if the request
    /// contains no valid address.
    #[must_use]
    pub const fn email(&self) -> Option<&EmailAddress> {
        self.email.as_ref()
    }

    /// Returns the request with its checked password.
    ///
    /// # Errors
    /// All errors of the request, and that of the password.
    pub fn with_password<P>(self, checked: Result<P, FieldError>) -> Result<(T, P), RequestErrors> {
        match (self.request, checked) {
            (Ok(request), Ok(password)) => Ok((request, password)),
            (Err(errors), Ok(_)) => Err(errors),
            (request, Err(error)) => {
                let mut errors = request.err().unwrap_or_default();
                errors.push(ValuePointerRef::Origin.push_key(T::PASSWORD), error);
                Err(errors)
            }
        }
    }
}

impl<T: SetsPassword> RequestBody for WithNewPassword<T> {
    fn read(body: ParsedBody) -> Result<Self, RequestErrors> {
        let is_object = body.value.is_object();
        let text = |name| body.value.get(name).and_then(Value::as_str);
        let password = text(T::PASSWORD).map(str::to_owned);
        let email = T::EMAIL.and_then(text);
        let email = email.and_then(|text| EmailAddress::parse(text).ok());
        let request = match T::read(body) {
            // Without members, nothing can be said about the password.
            Err(errors) if !is_object => return Err(errors),
            request => request,
        };
        Ok(Self {
            request,
            password,
            email,
        })
    }
}
