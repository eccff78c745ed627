//! Client information and the rate limit per network.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header::USER_AGENT, web::Data};
use vestibule_domain::{ClientInfo, Device, IpLimiter, RateLimited, Timestamp};
use vestibule_schema::Code;

use super::forwarded;
use crate::{
    App, HttpSettings,
    problem::{ApiError, ApiResult, ProblemCodes},
};

/// The identifier of a request, which the outermost middleware stores in the request.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// The network address, the user agent and the identifier of a request.
pub(crate) struct Client(pub(crate) ClientInfo);

impl FromRequest for Client {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(client_info(request))))
    }
}

/// A guard that rejects requests from networks over the rate limit of attempts. Handlers name it before the extractors
/// that validate the request.
pub(crate) struct NotRateLimited;

impl FromRequest for NotRateLimited {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(acquire_quota(request, IpLimiter::attempt).map(|()| Self))
    }
}

impl ProblemCodes for NotRateLimited {
    fn codes() -> Vec<Code> {
        RateLimited::codes()
    }
}

/// Acquires quota for the network of the client, unless rate limits are disabled.
pub(super) fn acquire_quota(
    request: &HttpRequest,
    acquire: impl Fn(&IpLimiter, &str, Timestamp) -> Result<(), RateLimited>,
) -> ApiResult<()> {
    let Some(app) = request.app_data::<Data<App>>().filter(|app| app.policy.rate_limits) else {
        return Ok(());
    };
    let network = client_info(request).network().unwrap_or_default();
    acquire(&app.ip_limiter, &network, app.clock.now()).map_err(ApiError::rate_limited)
}

pub(super) fn client_info(request: &HttpRequest) -> ClientInfo {
    let user_agent = request
        .headers()
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let trusted = request
        .app_data::<Data<HttpSettings>>()
        .map(|settings| settings.trusted_proxies.as_slice());
    let ip_address = request
        .peer_addr()
        .map(|peer| forwarded::client_address(peer.ip(), request.headers(), trusted.unwrap_or_default()));
    ClientInfo {
        device: Device::new(user_agent.as_deref(), ip_address.map(|address| address.to_string())),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()),
    }
}
