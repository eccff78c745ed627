//! Authentication and authorization of callers.
//!
//! A handler declares the required permission in its signature, so a caller without it learns nothing about the
//! request. The use case checks again, because the command line and other programs call it directly.

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
    Actor, ClientInfo, CurrentUser, Denied, Id, IpLimiter, Permission, SignUpPolicy, User,
    permission::RequiredPermission,
};
use vestibule_schema::Code;

use super::{
    client::{acquire_quota, client_info},
    path,
};
use crate::{
    App,
    problem::{ApiError, ApiResult, ProblemCodes},
};

/// The result of authenticating a request, which the middleware stores in the request.
pub(crate) type AuthResult = ApiResult<CurrentUser>;

/// The problem codes of requests without a valid access token.
const UNAUTHENTICATED: &[Code] = &[Code::Unauthenticated, Code::TokenExpired, Code::SessionRevoked];

/// The identifier of the current user, which [`Auth`] leaves in the request for the extractors after it.
pub(super) struct CurrentUserId(pub(super) Id<User>);

/// Returns the bearer token of a request (RFC 6750, section 2.1): `None` if there is none, an error if the header
/// cannot contain one.
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

/// A condition that the current user has to meet.
pub(crate) trait Requirement {
    /// The problem codes of users who do not meet it.
    const CODES: &[Code];

    fn check(user: &CurrentUser, request: &HttpRequest) -> Result<(), Denied>;
}

impl<P: RequiredPermission> Requirement for P {
    const CODES: &[Code] = &[Code::Forbidden, Code::SecondFactorEnrolmentRequired];

    fn check(user: &CurrentUser, _: &HttpRequest) -> Result<(), Denied> {
        user.require(&P::PERMISSION)
    }
}

/// The requirement of a signed-in user, without any permission.
pub(crate) struct SignedIn;

impl Requirement for SignedIn {
    const CODES: &[Code] = &[];

    fn check(_: &CurrentUser, _: &HttpRequest) -> Result<(), Denied> {
        Ok(())
    }
}

/// The requirement `R`, waived if the last identifier in the path is that of the current user.
pub(crate) struct OrSelf<R>(PhantomData<R>);

impl<R: Requirement> Requirement for OrSelf<R> {
    const CODES: &[Code] = R::CODES;

    fn check(user: &CurrentUser, request: &HttpRequest) -> Result<(), Denied> {
        let (_, id) = path::last(request);
        if id.parse() == Ok(user.user.id) {
            Ok(())
        } else {
            R::check(user, request)
        }
    }
}

/// The requirements in the tuple `L`, all of them.
pub(crate) struct All<L>(PhantomData<L>);

impl<A: Requirement, B: Requirement> Requirement for All<(A, B)> {
    const CODES: &[Code] = A::CODES;

    fn check(user: &CurrentUser, request: &HttpRequest) -> Result<(), Denied> {
        A::check(user, request)?;
        B::check(user, request)
    }
}

/// The current user, who meets the requirement `R`.
pub(crate) struct Auth<R> {
    user: CurrentUser,
    client: ClientInfo,
    requirement: PhantomData<R>,
}

impl<R> Deref for Auth<R> {
    type Target = CurrentUser;

    fn deref(&self) -> &CurrentUser {
        &self.user
    }
}

impl<R> Auth<R> {
    /// Returns the current user as the actor of a use case.
    pub(crate) fn actor(&self) -> Actor {
        self.user.actor(self.client.clone())
    }

    pub(crate) fn into_inner(self) -> CurrentUser {
        self.user
    }
}

impl<R: Requirement> FromRequest for Auth<R> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(take_result(request).and_then(|user| {
            R::check(&user, request)?;
            request.extensions_mut().insert(CurrentUserId(user.user.id));
            Ok(Self {
                user,
                client: client_info(request),
                requirement: PhantomData,
            })
        }))
    }
}

impl<R: Requirement> ProblemCodes for Auth<R> {
    fn codes() -> Vec<Code> {
        [UNAUTHENTICATED, R::CODES].concat()
    }
}

fn take_result(request: &HttpRequest) -> AuthResult {
    let result = request.extensions_mut().remove::<AuthResult>();
    result.unwrap_or_else(|| Err(ApiError::new(Code::Unauthenticated)))
}

/// The caller of the request that creates a user.
///
/// While sign-up is open, anyone within the sign-up limit of their network may call it. The limit applies to
/// signed-in users without `users:create` too. An invalid token is an error only if the request needs a permission.
pub(crate) struct MaybeAuth {
    result: AuthResult,
    client: ClientInfo,
}

impl MaybeAuth {
    /// Returns the identifier of the current user, if the caller is signed in.
    pub(crate) fn user_id(&self) -> Option<Id<User>> {
        self.result.as_ref().ok().map(|current| current.user.id)
    }

    /// Returns whether the caller has the permission `users:create`.
    pub(crate) fn can_create_users(&self) -> bool {
        let result = self.result.as_ref();
        result.is_ok_and(|user| user.require(&Permission::USERS_CREATE).is_ok())
    }

    /// Returns the current user as the actor. Without one, a plain sign-up has an anonymous actor while sign-up is
    /// open; any other request returns the authentication error.
    pub(crate) fn actor(self, is_sign_up: bool, policy: SignUpPolicy) -> ApiResult<Actor> {
        match self.result {
            Ok(user) => Ok(user.actor(self.client)),
            Err(_) if is_sign_up && policy == SignUpPolicy::Open => Ok(Actor::anonymous(self.client)),
            Err(error) => Err(error),
        }
    }
}

impl ProblemCodes for MaybeAuth {
    fn codes() -> Vec<Code> {
        let codes = [
            Code::Forbidden,
            Code::SecondFactorEnrolmentRequired,
            Code::SignUpClosed,
            Code::TooManyRequests,
        ];
        [UNAUTHENTICATED, &codes].concat()
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
        let result = take_result(request);
        let authorized = match (is_open, result) {
            (true, Ok(user)) if user.require(&Permission::USERS_CREATE).is_ok() => Ok(Ok(user)),
            (true, result) => acquire_quota(request, IpLimiter::sign_up).map(|()| result),
            (false, Err(_)) if !has_token => Err(ApiError::new(Code::SignUpClosed)),
            (false, result) => result.and_then(|user| {
                user.require(&Permission::USERS_CREATE)?;
                Ok(Ok(user))
            }),
        };
        ready(authorized.map(|result| Self {
            result,
            client: client_info(request),
        }))
    }
}
