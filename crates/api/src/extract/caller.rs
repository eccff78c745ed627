//! Who asks, and whether they may ask this at all.
//!
//! A handler names what its caller needs in its signature, so that nobody who lacks it hears anything
//! about the request. The use case asks again: it is what the command line and other programs call.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    ops::Deref,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderMap},
    web::Data,
};
use vestibule_domain::{Actor, ClientInfo, CurrentUser, Denied, Id, IpLimiter, Permission, SignUpPolicy, User};
use vestibule_schema::Code;

use super::{
    origin::{admit, origin},
    path,
};
use crate::{
    App,
    problem::{ApiError, ApiResult},
};

/// What the authentication of a request came to; the middleware leaves it in the request.
pub(crate) type Outcome = ApiResult<CurrentUser>;

/// The bearer token of a request (RFC 6750, section 2.1): `None` when it has none, an error when what
/// it has cannot be one.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ()> {
    let mut values = headers.get_all(AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(AUTHORIZATION) {
            Err(())
        } else {
            Ok(None)
        };
    };
    let (scheme, token) = value.to_str().map_err(|_| ())?.split_once(' ').unwrap_or_default();
    Ok(scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()))
}

/// What a caller needs.
pub(crate) trait Requirement {
    fn check(caller: &CurrentUser, request: &HttpRequest) -> Result<(), Denied>;
}

/// A permission, as a type.
pub(crate) trait RequiredPermission {
    const PERMISSION: Permission;
}

impl<N: RequiredPermission> Requirement for N {
    fn check(caller: &CurrentUser, _: &HttpRequest) -> Result<(), Denied> {
        caller.require(&N::PERMISSION)
    }
}

/// Nothing but to be signed in.
pub(crate) struct SignedIn;

impl Requirement for SignedIn {
    fn check(_: &CurrentUser, _: &HttpRequest) -> Result<(), Denied> {
        Ok(())
    }
}

/// `R`, save where the path names the caller.
pub(crate) struct OrSelf<R>(PhantomData<R>);

impl<R: Requirement> Requirement for OrSelf<R> {
    fn check(caller: &CurrentUser, request: &HttpRequest) -> Result<(), Denied> {
        let (_, id) = path::last(request);
        if id.parse() == Ok(caller.user.id) {
            Ok(())
        } else {
            R::check(caller, request)
        }
    }
}

/// Every requirement of a list.
pub(crate) struct All<L>(PhantomData<L>);

impl<A: Requirement, B: Requirement> Requirement for All<(A, B)> {
    fn check(caller: &CurrentUser, request: &HttpRequest) -> Result<(), Denied> {
        A::check(caller, request)?;
        B::check(caller, request)
    }
}

/// The user who is signed in, with the right `R`.
pub(crate) struct Auth<R> {
    found: CurrentUser,
    origin: ClientInfo,
    right: PhantomData<R>,
}

impl<R> Deref for Auth<R> {
    type Target = CurrentUser;

    fn deref(&self) -> &CurrentUser {
        &self.found
    }
}

impl<R> Auth<R> {
    /// The caller as the one who asks.
    pub(crate) fn actor(&self) -> Actor {
        self.found.actor(self.origin.clone())
    }

    pub(crate) fn into_inner(self) -> CurrentUser {
        self.found
    }
}

impl<R: Requirement> FromRequest for Auth<R> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(take(request).and_then(|caller| {
            R::check(&caller, request)?;
            Ok(Self {
                found: caller,
                origin: origin(request),
                right: PhantomData,
            })
        }))
    }
}

fn take(request: &HttpRequest) -> Outcome {
    let outcome = request.extensions_mut().remove::<Outcome>();
    outcome.unwrap_or_else(|| Err(ApiError::new(Code::Unauthenticated)))
}

/// Whoever makes an account. While sign-up is open that is anyone whose network did not make too many, which
/// binds users who may not create others as well; a token that is not good matters only if more is asked for.
pub(crate) struct MaybeAuth {
    outcome: Outcome,
    origin: ClientInfo,
}

impl MaybeAuth {
    /// Who is signed in, if anybody is.
    pub(crate) fn id(&self) -> Option<Id<User>> {
        self.outcome.as_ref().ok().map(|caller| caller.user.id)
    }

    /// Whether the caller makes accounts for others.
    pub(crate) fn is_for_others(&self) -> bool {
        let caller = self.outcome.as_ref();
        caller.is_ok_and(|caller| caller.require(&Permission::USERS_CREATE).is_ok())
    }

    /// The user who is signed in; nobody in particular, where a plain account is all that is asked for while
    /// sign-up is open.
    pub(crate) fn actor(self, is_plain: bool, policy: SignUpPolicy) -> ApiResult<Actor> {
        match self.outcome {
            Ok(caller) => Ok(caller.actor(self.origin)),
            Err(_) if is_plain && policy == SignUpPolicy::Open => Ok(Actor::anonymous(self.origin)),
            Err(refused) => Err(refused),
        }
    }
}

impl FromRequest for MaybeAuth {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let is_open = request
            .app_data::<Data<App>>()
            .is_some_and(|app| app.policy.sign_up == SignUpPolicy::Open);
        let has_token = bearer(request.headers()) != Ok(None);
        let outcome = take(request);
        let settled = match (is_open, outcome) {
            (true, Ok(caller)) if caller.require(&Permission::USERS_CREATE).is_ok() => Ok(Ok(caller)),
            (true, outcome) => admit(request, IpLimiter::sign_up).map(|()| outcome),
            (false, Err(_)) if !has_token => Err(ApiError::new(Code::SignUpClosed)),
            (false, outcome) => outcome.and_then(|caller| {
                caller.require(&Permission::USERS_CREATE)?;
                Ok(Ok(caller))
            }),
        };
        ready(settled.map(|outcome| Self {
            outcome,
            origin: origin(request),
        }))
    }
}
