//! The client that sent a request.

use std::net::{IpAddr, Ipv6Addr};

use crate::model::is_bidi_control;

/// The client that sent a request, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientInfo {
    /// The device that sent the request.
    pub device: Device,
    /// The identifier of the request in the log.
    pub request_id: Option<String>,
}

impl ClientInfo {
    /// Returns the network of the device.
    #[must_use]
    pub fn network(&self) -> Option<String> {
        self.device.network()
    }
}

/// The device that a request was sent from or a session was started on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// The `User-Agent` header, truncated to 400 characters.
    pub user_agent: Option<String>,
    /// The IP address of the client.
    pub ip_address: Option<String>,
}

impl Device {
    const USER_AGENT_LENGTH: usize = 400;

    /// Creates a device from the data of a request. Removes control characters and characters that change the
    /// direction of text.
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

    /// Returns the network of the device: the address itself for IPv4, and the /64 for IPv6, because one household or
    /// host usually has a whole /64.
    #[must_use]
    pub fn network(&self) -> Option<String> {
        let address: IpAddr = self.ip_address.as_ref()?.parse().ok()?;
        Some(match address {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_addresses_of_one_64_prefix_are_one_network() {
        let network = |address: &str| Device::new(None, Some(address.to_owned())).network();
        assert_eq!(network("192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(network("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1:2::/64"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("somewhere"), None);
    }
}
