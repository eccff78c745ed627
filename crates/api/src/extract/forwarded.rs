//! Who sent a request through proxies.

use std::{net::IpAddr, sync::Once};

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client: that of the peer, or, when the peer is a proxy of ours, the last address in
/// `X-Forwarded-For` that is not one too. What stands before it anybody can have written.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_ours = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    if !is_ours(&client) {
        if headers.contains_key(FORWARDED_FOR) {
            warn_of_unnamed_proxy(client);
        }
        return client;
    }
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).collect();
    let hops = lines.iter().rev().flat_map(|line| {
        let line = line.to_str().unwrap_or_default();
        line.rsplit(',').map(str::trim)
    });
    for hop in hops {
        // What a proxy of ours did not understand, nobody can trust.
        let Some(address) = address_in(hop) else { break };
        client = address.to_canonical();
        if !is_ours(&client) {
            break;
        }
    }
    client
}

/// Says once that there may be a proxy behind which everybody is one. Once, because anybody can write the header.
fn warn_of_unnamed_proxy(peer: IpAddr) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For from a peer that VESTIBULE_TRUSTED_PROXIES does not name is not believed: if the peer is \
             your proxy, name it, else its address stands for everybody"
        );
    });
}

/// An address, perhaps in brackets and perhaps with a port.
fn address_in(hop: &str) -> Option<IpAddr> {
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

    fn through(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            let value = HeaderValue::from_str(line).expect("a header");
            headers.append(HeaderName::from_static(FORWARDED_FOR), value);
        }
        let trusted = ["10.0.0.0/8", "::1/128", "fd00::/8"].map(|text| text.parse().expect("a network"));
        client(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn only_proxies_of_ours_are_believed() {
        assert_eq!(through("192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(through("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(through("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(through("10.0.0.1", &["1.1.1.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(through("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.2.3.4"]), "203.0.113.9");
        assert_eq!(through("10.0.0.1", &["1.1.1.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(through("::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(through("10.0.0.1", &["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(through("10.0.0.1", &["203.0.113.9:80"]), "203.0.113.9");
        assert_eq!(through("::ffff:10.0.0.1", &["::ffff:203.0.113.9"]), "203.0.113.9");
        for broken in ["", "unknown", "1.2.3", "1.1.1.1, nonsense", "203.0.113.9;", "1.1.1.1,"] {
            assert_eq!(through("10.0.0.1", &[broken]), "10.0.0.1", "{broken}");
        }
    }
}
