//! The client that sent a request.

use std::net::{IpAddr, Ipv6Addr};

use crate::model::is_bidi_control;

/// Where a call comes from, as far as anybody told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientInfo {
    /// The device that sent the request.
    pub device: Device,
    /// The identifier under which the log knows the request.
    pub request_id: Option<String>,
}

impl ClientInfo {
    /// The network that the device is in: an IPv4 address by itself, an IPv6 address with its neighbours
    /// of the same /64, which one household or host has to itself.
    #[must_use]
    pub fn network(&self) -> Option<String> {
        let address: IpAddr = self.device.ip_address.as_ref()?.parse().ok()?;
        Some(match address {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        })
    }
}

/// What is known of where a session was started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// The `User-Agent` header, cut to 400 characters.
    pub user_agent: Option<String>,
    /// The address of the client.
    pub ip_address: Option<String>,
}

impl Device {
    const USER_AGENT_LENGTH: usize = 400;

    /// Keeps what a request said about itself, without characters that control a terminal or the text around
    /// them.
    #[must_use]
    pub fn new(user_agent: Option<&str>, ip_address: Option<String>) -> Self {
        let user_agent = user_agent
            .map(|text| {
                text.chars()
                    .filter(|c| !c.is_control() && !is_bidi_control(*c))
                    .take(Self::USER_AGENT_LENGTH)
                    .collect::<String>()
            })
            .filter(|text| !text.is_empty());
        Self { user_agent, ip_address }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_ipv6_are_one_network() {
        let network = |address: &str| {
            let device = Device::new(None, Some(address.to_owned()));
            ClientInfo {
                device,
                request_id: None,
            }
            .network()
        };
        assert_eq!(network("192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(network("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1:2::/64"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("somewhere"), None);
    }
}
