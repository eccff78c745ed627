//! The errors of use cases.
//!
//! [`Error`] has the failures that features share. A use case that can also fail in other ways returns an error of its
//! own, such as [`roles::UpdateError`](crate::roles::UpdateError), with one variant for each of these failures and
//! `Other` for a shared one.

use crate::{
    model::{Denied, Kind, PasswordError, RateLimited, Stale, StepUpRequired},
    ports::{HashError, StoreError, UniqueKey},
};

/// A failure that is not specific to one feature.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor is not signed in or lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The resource of this [kind](Kind) does not exist.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The resource was changed after the client read it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// A field refers to a resource that does not exist.
    #[error("{field} refers to something that does not exist")]
    UnknownReference {
        /// The name of the field.
        field: &'static str,
    },
    /// The use case requires the current password, and the given one is incorrect.
    #[error("the current password is incorrect")]
    WrongPassword,
    /// The use case requires a recent proof of identity.
    #[error(transparent)]
    StepUpRequired(#[from] StepUpRequired),
    /// A quota is used up.
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Error {
    /// Returns the error for a missing `T`.
    #[must_use]
    pub const fn not_found<T: Kind>() -> Self {
        Self::NotFound(T::KIND)
    }

    /// Returns whether a write violated this unique key.
    pub(crate) fn is_duplicate(&self, unique: &UniqueKey) -> bool {
        matches!(self, Self::Store(StoreError::Duplicate { key }) if key == unique)
    }
}

/// The error of a use case.
pub trait UseCaseError: std::error::Error + Sized {
    /// Returns the shared failure, or else this error.
    ///
    /// # Errors
    /// The failure is specific to the use case.
    fn into_shared(self) -> Result<Error, Self>;
}

impl UseCaseError for Error {
    fn into_shared(self) -> Result<Error, Self> {
        Ok(self)
    }
}

/// A failure that only some use cases have.
pub(crate) trait Failure: Sized {
    /// Returns this failure if it is the meaning of a shared one, such as a duplicate key.
    fn from_shared(_: &Error) -> Option<Self> {
        None
    }
}

/// Declares the error of a use case: one variant for each [`Failure`], with the name of its type, and `Other` for a
/// shared failure.
macro_rules! use_case_error {
    ($(#[$meta:meta])* pub enum $name:ident { $($failure:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, thiserror::Error)]
        pub enum $name {
            $(
                #[doc = concat!("See [`", stringify!($failure), "`].")]
                #[error(transparent)]
                $failure(#[from] $failure),
            )+
            /// A shared failure.
            #[error(transparent)]
            Other($crate::services::error::Error),
        }

        impl<E: Into<$crate::services::error::Error>> From<E> for $name {
            fn from(error: E) -> Self {
                let error = error.into();
                $(
                    if let Some(failure) = $crate::services::error::Failure::from_shared(&error) {
                        return Self::$failure(failure);
                    }
                )+
                Self::Other(error)
            }
        }

        impl $crate::services::error::UseCaseError for $name {
            fn into_shared(self) -> Result<$crate::services::error::Error, Self> {
                match self {
                    Self::Other(error) => Ok(error),
                    error => Err(error),
                }
            }
        }
    };
}
pub(crate) use use_case_error;

/// Another resource has the value of a unique field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the value of {} is already taken", key.column())]
pub struct Taken {
    /// The unique key.
    pub key: UniqueKey,
}

impl Failure for Taken {
    fn from_shared(error: &Error) -> Option<Self> {
        match error {
            Error::Store(StoreError::Duplicate { key }) => Some(Self { key: key.clone() }),
            _ => None,
        }
    }
}

/// Other resources refer to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("other resources refer to this one")]
pub struct InUse;

impl Failure for InUse {
    fn from_shared(error: &Error) -> Option<Self> {
        matches!(error, Error::Store(StoreError::Reference(_))).then_some(Self)
    }
}

/// Another user has the email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another user has this email address")]
pub struct EmailTaken;

impl Failure for EmailTaken {
    fn from_shared(error: &Error) -> Option<Self> {
        error.is_duplicate(&UniqueKey::USER_EMAIL).then_some(Self)
    }
}

/// One of the given roles does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no role has this name")]
pub struct UnknownRole {
    /// Its position in the list, counted from 0.
    pub index: usize,
}

impl Failure for UnknownRole {}

/// No other administrator could sign in afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is the last active administrator; grant the role admin to another user first")]
pub struct LastAdmin;

impl Failure for LastAdmin {}

impl Failure for PasswordError {}

use_case_error! {
    /// A failure to delete an account.
    pub enum DeleteAccountError { LastAdmin, InUse }
}
