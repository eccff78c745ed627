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
use vestibule_domain::{
    Actor, Denied, Id, Origin, Permission, SignUp as SignUpPolicy, session, throttle::Networks, user::User,
};
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
pub(crate) type Outcome = ApiResult<session::Caller>;

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
pub(crate) trait Right {
    fn check(caller: &session::Caller, request: &HttpRequest) -> Result<(), Denied>;
}

/// A permission, as a type.
pub(crate) trait Named {
    const PERMISSION: Permission;
}

impl<N: Named> Right for N {
    fn check(caller: &session::Caller, _: &HttpRequest) -> Result<(), Denied> {
        caller.require(&N::PERMISSION)
    }
}

/// Nothing but to be signed in.
pub(crate) struct SignedIn;

impl Right for SignedIn {
    fn check(_: &session::Caller, _: &HttpRequest) -> Result<(), Denied> {
        Ok(())
    }
}

/// `R`, save where the path names the caller.
pub(crate) struct OrSelf<R>(PhantomData<R>);

impl<R: Right> Right for OrSelf<R> {
    fn check(caller: &session::Caller, request: &HttpRequest) -> Result<(), Denied> {
        let (_, id) = path::last(request);
        if id.parse() == Ok(caller.user.id) {
            Ok(())
        } else {
            R::check(caller, request)
        }
    }
}

/// `A` and `B`.
pub(crate) struct Both<A, B>(PhantomData<(A, B)>);

impl<A: Right, B: Right> Right for Both<A, B> {
    fn check(caller: &session::Caller, request: &HttpRequest) -> Result<(), Denied> {
        A::check(caller, request)?;
        B::check(caller, request)
    }
}

/// The user who is signed in, with the right `R`.
pub(crate) struct Caller<R> {
    found: session::Caller,
    origin: Origin,
    right: PhantomData<R>,
}

impl<R> Deref for Caller<R> {
    type Target = session::Caller;

    fn deref(&self) -> &session::Caller {
        &self.found
    }
}

impl<R> Caller<R> {
    /// The caller as the one who asks.
    pub(crate) fn actor(&self) -> Actor {
        self.found.actor(self.origin.clone())
    }

    pub(crate) fn into_inner(self) -> session::Caller {
        self.found
    }
}

impl<R: Right> FromRequest for Caller<R> {
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
pub(crate) struct SignUp {
    outcome: Outcome,
    origin: Origin,
}

impl SignUp {
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

impl FromRequest for SignUp {
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
            (true, outcome) => admit(request, Networks::sign_up).map(|()| outcome),
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
