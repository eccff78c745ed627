//! The name by which this client introduces itself to mail servers.

use std::{fmt, net::IpAddr, str::FromStr};

use lettre::transport::smtp::extension::ClientId;

/// The argument of `EHLO` (RFC 5321, section 4.1.1.1): a host name in ASCII, or an address literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EhloName(ClientId);

/// The error of parsing an [`EhloName`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a host name or an IP address")]
pub struct ParseEhloNameError;

impl EhloName {
    pub(crate) fn client_id(&self) -> &ClientId {
        &self.0
    }
}

/// Returns `localhost`.
impl Default for EhloName {
    fn default() -> Self {
        Self(ClientId::Domain("localhost".to_owned()))
    }
}

impl From<IpAddr> for EhloName {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(address) => ClientId::Ipv4(address),
            IpAddr::V6(address) => ClientId::Ipv6(address),
        })
    }
}

impl FromStr for EhloName {
    type Err = ParseEhloNameError;

    /// Parses a host name in any script, or an IP address with or without brackets.
    fn from_str(text: &str) -> Result<Self, ParseEhloNameError> {
        let in_brackets = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let literal = in_brackets.map(|literal| literal.strip_prefix("IPv6:").unwrap_or(literal));
        if let Ok(address) = literal.unwrap_or(text).parse::<IpAddr>() {
            return Ok(Self::from(address));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let name = idna::domain_to_ascii_strict(name).map_err(|_| ParseEhloNameError)?;
        if name.is_empty() || name.split('.').any(str::is_empty) {
            return Err(ParseEhloNameError);
        }
        Ok(Self(ClientId::Domain(name)))
    }
}

impl fmt::Display for EhloName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ehlo_name_is_ascii_host_or_address_literal() {
        for (text, name) in [
            ("accounts.example.com", "accounts.example.com"),
            ("Accounts.Example.com.", "accounts.example.com"),
            ("localhost", "localhost"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("192.0.2.7", "[192.0.2.7]"),
            ("[192.0.2.7]", "[192.0.2.7]"),
            ("2001:db8::7", "[IPv6:2001:db8::7]"),
            ("[2001:db8::7]", "[IPv6:2001:db8::7]"),
            ("[IPv6:2001:db8::7]", "[IPv6:2001:db8::7]"),
        ] {
            let parsed: EhloName = text.parse().expect(text);
            assert_eq!(parsed.to_string(), name);
        }
        for text in [
            "",
            ".",
            "a b",
            "a..b",
            "-a.example",
            "a_b.example",
            "[a]",
            "https://a",
            "a\r\nQUIT",
        ] {
            assert_eq!(text.parse::<EhloName>(), Err(ParseEhloNameError), "{text}");
        }
    }
}
