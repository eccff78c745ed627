//! Deserialization of domain values.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use uuid::Uuid;
use vestibule_domain::{
    AuditAction, Description, DisplayName, EmailAddress, Id, NormalizedEmail, ParseIdError, Patch, Permission,
    Permissions, RoleName, Status, Timestamp, audit_actions,
};

use super::errors::RequestErrors;
use crate::{FieldCode, FieldError, time};

/// Deserializes a type from a string with a function that parses it.
macro_rules! from_text {
    ($($type:ty: $parse:expr;)+) => {
        $(impl Deserr<RequestErrors> for $type {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                location: ValuePointerRef<'_>,
            ) -> Result<Self, RequestErrors> {
                parse_text(value, location, $parse)
            }
        })+
    };
}

from_text! {
    AuditAction: audit_action;
    Description: Description::parse;
    DisplayName: DisplayName::parse;
    EmailAddress: EmailAddress::parse;
    NormalizedEmail: NormalizedEmail::parse;
    Permission: str::parse;
    RoleName: str::parse;
    Status: status;
    Timestamp: timestamp;
    Uuid: uuid;
}

impl<T> Deserr<RequestErrors> for Id<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, RequestErrors> {
        parse_text(value, location, str::parse)
    }
}

impl Deserr<RequestErrors> for Permissions {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, RequestErrors> {
        Vec::deserialize_from_value(value, location).map(Self::from_iter)
    }
}

/// `null` is the change to no value. An absent member is no change, with `#[deserr(default)]`.
impl<T: Deserr<RequestErrors>> Deserr<RequestErrors> for Patch<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, RequestErrors> {
        Option::deserialize_from_value(value, location).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

fn parse_text<V: IntoValue, T, E>(
    value: Value<V>,
    location: ValuePointerRef<'_>,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, RequestErrors>
where
    FieldError: From<E>,
{
    let text = <String as Deserr<RequestErrors>>::deserialize_from_value(value, location)?;
    parse(&text).map_err(|error| RequestErrors::new(location, error.into()))
}

fn audit_action(name: &str) -> Result<AuditAction, FieldError> {
    let found = audit_actions().into_iter().find(|action| action.name() == name);
    found.ok_or_else(|| FieldError::new(FieldCode::NotAllowedValue, "must be the name of an audit action"))
}

fn status(name: &str) -> Result<Status, FieldError> {
    Status::from_name(name).ok_or_else(|| FieldError::new(FieldCode::NotAllowedValue, "must be active or disabled"))
}

fn timestamp(text: &str) -> Result<Timestamp, FieldError> {
    time::parse(text).ok_or_else(|| {
        FieldError::new(
            FieldCode::InvalidFormat,
            "must be an RFC 3339 time in the years 1 to 9999, such as 2026-11-24T09:00:00Z",
        )
    })
}

fn uuid(text: &str) -> Result<Uuid, ParseIdError> {
    text.parse::<Id<()>>().map(|id| id.as_uuid())
}
