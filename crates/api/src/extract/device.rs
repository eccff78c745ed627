//! Where a request comes from.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::USER_AGENT};
use vestibule_domain::session::Device;

/// What a request tells about the device that sent it.
pub(crate) struct ClientDevice(pub(crate) Device);

impl FromRequest for ClientDevice {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let user_agent = request
            .headers()
            .get(USER_AGENT)
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let ip_address = request
            .peer_addr()
            .map(|address| address.ip().to_canonical().to_string());
        ready(Ok(Self(Device::new(user_agent.as_deref(), ip_address))))
    }
}
