//! Deserialization of domain values.

use chrono::Datelike;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use uuid::Uuid;
use vestibule_domain::{
    AuditAction, Date, Decimal, Description, DisplayName, EmailAddress, Id, Integer, Json, NormalizedEmail, Order,
    ParseIdError, Patch, Permission, Permissions, RoleName, SearchText, Status, Timestamp, audit_actions, number,
};

use super::errors::{RequestErrors, one_of};
use crate::{FieldCode, FieldError, name::sorts, time};

/// Implements [`Deserr`] for a type: from a string, with a function that parses it.
#[macro_export]
macro_rules! from_text {
    ($($type:ty: $parse:expr;)+) => {
        $(impl $crate::deserr::Deserr<$crate::RequestErrors> for $type {
            fn deserialize_from_value<V: $crate::deserr::IntoValue>(
                value: $crate::deserr::Value<V>,
                location: $crate::deserr::ValuePointerRef<'_>,
            ) -> Result<Self, $crate::RequestErrors> {
                $crate::parse_text(value, location, $parse)
            }
        })+
    };
}

from_text! {
    AuditAction: audit_action;
    Date: date;
    Decimal: number::decimal;
    Description: Description::parse;
    DisplayName: DisplayName::parse;
    EmailAddress: EmailAddress::parse;
    NormalizedEmail: NormalizedEmail::parse;
    Permission: str::parse;
    RoleName: str::parse;
    SearchText: SearchText::parse;
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

impl Deserr<RequestErrors> for Integer {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, RequestErrors> {
        let number = <i64 as Deserr<RequestErrors>>::deserialize_from_value(value, location)?;
        Self::new(number).map_err(|error| RequestErrors::new(location, error))
    }
}

/// Accepts a value of any type but `null`, which stands for no value.
impl Deserr<RequestErrors> for Json {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, RequestErrors> {
        if matches!(value, Value::Null) {
            let error = FieldError::new(FieldCode::InvalidType, "must not be null");
            return Err(RequestErrors::new(location, error));
        }
        let json = <serde_json::Value as Deserr<RequestErrors>>::deserialize_from_value(value, location)?;
        let text = json.to_string();
        if text.len() > Self::MAX_LENGTH {
            let detail = format!("must have at most {} bytes", Self::MAX_LENGTH);
            return Err(RequestErrors::new(
                location,
                FieldError::new(FieldCode::TooLong, detail),
            ));
        }
        Ok(Self::new_unchecked(text))
    }
}

/// Parses the text of a value.
///
/// # Errors
/// [`RequestErrors`].
pub fn parse_text<V: IntoValue, T, E>(
    value: Value<V>,
    location: ValuePointerRef<'_>,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, RequestErrors>
where
    FieldError: From<E>,
{
    let text = <String as Deserr<RequestErrors>>::deserialize_from_value(value, location)?;
    parse(&text).map_err(|error| RequestErrors::new(location, error))
}

/// Parses the name of a value of a set.
///
/// # Errors
/// [`FieldError`].
pub fn value_of<'a, T>(
    name: &str,
    from_name: impl FnOnce(&str) -> Option<T>,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<T, FieldError> {
    from_name(name).ok_or_else(|| {
        let names: Vec<_> = names.into_iter().collect();
        FieldError::new(FieldCode::NotAllowedValue, format!("must be {}", one_of(&names)))
    })
}

/// Parses the order of a list: the name of a column, which a `-` in front makes descending.
///
/// # Errors
/// [`FieldError`].
pub fn sort_by<'a, C>(
    name: &str,
    from_name: impl FnOnce(&str) -> Option<C>,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Order<C>, FieldError> {
    let names: Vec<_> = sorts(names).collect();
    value_of(
        name,
        |name| Order::from_name(name, from_name),
        names.iter().map(String::as_str),
    )
}

fn date(text: &str) -> Result<Date, FieldError> {
    let date = text.parse::<Date>().ok();
    // The parser also accepts other spellings and other years.
    date.filter(|date| date.to_string() == text && (1..=9999).contains(&date.year()))
        .ok_or_else(|| {
            FieldError::new(
                FieldCode::InvalidFormat,
                "must be a date in the years 1 to 9999, such as 2026-11-24",
            )
        })
}

fn audit_action(name: &str) -> Result<AuditAction, FieldError> {
    let found = audit_actions().into_iter().find(|action| action.name() == name);
    found.ok_or_else(|| FieldError::new(FieldCode::NotAllowedValue, "must be the name of an audit action"))
}

fn status(name: &str) -> Result<Status, FieldError> {
    value_of(name, Status::from_name, Status::ALL.iter().map(Status::as_str))
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
