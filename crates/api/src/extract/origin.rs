//! Where a request comes from.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header::USER_AGENT};
use vestibule_domain::{Origin, session::Device};

/// The identifier of a request; the outermost middleware leaves it in the request.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// What a request tells about where it comes from.
pub(crate) struct ClientOrigin(pub(crate) Origin);

impl FromRequest for ClientOrigin {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(origin(request))))
    }
}

pub(super) fn origin(request: &HttpRequest) -> Origin {
    let user_agent = request
        .headers()
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let ip_address = request
        .peer_addr()
        .map(|address| address.ip().to_canonical().to_string());
    Origin {
        device: Device::new(user_agent.as_deref(), ip_address),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()),
    }
}
