//! The client address of requests that arrive through proxies.

use std::{net::IpAddr, sync::Once};

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Returns the address of the client: the address of the peer or, if the peer is a trusted proxy, the last address in
/// `X-Forwarded-For` that is not a trusted proxy. Addresses before that one may be forged.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    if !is_trusted(&client) {
        if headers.contains_key(FORWARDED_FOR) {
            warn_about_untrusted_peer(client);
        }
        return client;
    }
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).collect();
    if lines.is_empty() {
        warn_about_silent_proxy(client);
    }
    let hops = lines.iter().rev().flat_map(|line| {
        let line = line.to_str().unwrap_or_default();
        line.rsplit(',').map(str::trim)
    });
    for hop in hops {
        // An address that cannot be parsed ends the chain of trust.
        let Some(address) = parse_address(hop) else { break };
        client = address.to_canonical();
        if !is_trusted(&client) {
            break;
        }
    }
    client
}

/// Warns about a possible proxy that is not configured as trusted. Warns once, because any client can send the header.
fn warn_about_untrusted_peer(peer: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %peer,
            "ignoring X-Forwarded-For from an untrusted peer; if this is your proxy, add it to \
             VESTIBULE_TRUSTED_PROXIES, otherwise all clients share its rate limits"
        );
    });
}

/// Warns about a proxy that hides its clients. Warns once, because the peer may also be a program on the same machine.
fn warn_about_silent_proxy(peer: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %peer,
            "a request from a trusted proxy has no X-Forwarded-For; unless it is from this machine, configure the proxy \
             to send the header, otherwise all clients share its rate limits"
        );
    });
}

/// Parses an address with or without brackets and port.
fn parse_address(hop: &str) -> Option<IpAddr> {
    if let Ok(address) = hop.parse() {
        return Some(address);
    }
    if let Ok(socket) = hop.parse::<std::net::SocketAddr>() {
        return Some(socket.ip());
    }
    hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn address_through(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            let value = HeaderValue::from_str(line).expect("a header");
            headers.append(HeaderName::from_static(FORWARDED_FOR), value);
        }
        let trusted = ["10.0.0.0/8", "::1/128", "fd00::/8"].map(|text| text.parse().expect("a network"));
        client_address(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn client_address_trusts_only_configured_proxies() {
        assert_eq!(address_through("192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(address_through("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(address_through("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(address_through("10.0.0.1", &["1.1.1.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            address_through("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.2.3.4"]),
            "203.0.113.9"
        );
        assert_eq!(address_through("10.0.0.1", &["1.1.1.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(address_through("::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(address_through("10.0.0.1", &["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(address_through("10.0.0.1", &["203.0.113.9:80"]), "203.0.113.9");
        assert_eq!(
            address_through("::ffff:10.0.0.1", &["::ffff:203.0.113.9"]),
            "203.0.113.9"
        );
        for broken in ["", "unknown", "1.2.3", "1.1.1.1, nonsense", "203.0.113.9;", "1.1.1.1,"] {
            assert_eq!(address_through("10.0.0.1", &[broken]), "10.0.0.1", "{broken}");
        }
    }
}
