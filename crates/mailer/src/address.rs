//! Email addresses for SMTP, with the domain in ASCII.

use std::net::IpAddr;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use lettre::Address;

/// Parses an address and converts its domain to ASCII (IDNA, UTS 46), which every server accepts. A local part that
/// is not ASCII stays as it is and needs a server with SMTPUTF8 (RFC 6531).
pub(crate) fn to_ascii_domain(address: &str) -> Option<Address> {
    let (local, domain) = address.rsplit_once('@')?;
    from_parts(local, domain)
}

/// Creates an address, with the domain converted to ASCII.
pub(crate) fn from_parts(local: &str, domain: &str) -> Option<Address> {
    if !is_local_part(local) {
        return None;
    }
    let domain = address_literal(domain).or_else(|| ascii_domain(domain))?;
    // lettre rejects local parts that some providers assign, such as `a..b`.
    Some(Address::new_dangerous(local, domain))
}

/// Returns the ASCII form of a domain. Registries assign names with two hyphens in the third place, such as
/// `my--domain.com`.
fn ascii_domain(domain: &str) -> Option<String> {
    let (domain, letters, length) = (domain.as_bytes(), AsciiDenyList::STD3, DnsLength::Verify);
    let ascii = Uts46::new().to_ascii(domain, letters, Hyphens::CheckFirstLast, length);
    Some(ascii.ok()?.into_owned())
}

/// Returns whether a local part needs no quotes in a command and a header.
fn is_local_part(local: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"()<>[]:;@\\,\"".contains(c);
    !local.is_empty() && local.len() <= 254 && local.chars().all(is_plain)
}

/// Converts an IP address, with or without brackets, to an address literal (RFC 5321, section 4.1.3).
fn address_literal(domain: &str) -> Option<String> {
    let inner = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let inner = inner.map(|literal| literal.strip_prefix("IPv6:").unwrap_or(literal));
    match inner.unwrap_or(domain).parse().ok()? {
        IpAddr::V4(address) => Some(format!("[{address}]")),
        IpAddr::V6(address) => Some(format!("[IPv6:{address}]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_ascii_domain_converts_domain_and_keeps_local_part() {
        for (text, expected) in [
            ("Ada@Example.com", "Ada@example.com"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
            ("ada@ｅｘａｍｐｌｅ.com", "ada@example.com"),
            ("josé@bücher.example", "josé@xn--bcher-kva.example"),
            ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
            ("ada@my--domain.com", "ada@my--domain.com"),
            ("vestibule@192.0.2.7", "vestibule@[192.0.2.7]"),
            ("vestibule@[2001:db8::7]", "vestibule@[IPv6:2001:db8::7]"),
        ] {
            assert_eq!(to_ascii_domain(text).expect(text).to_string(), expected);
        }
    }

    #[test]
    fn to_ascii_domain_rejects_command_and_header_injection() {
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@nowhere@example.com",
            "ada@exam ple.com",
            "ada@example..com",
            "a da@example.com",
            "ada\r\nRCPT TO:<eve@example.com>@example.com",
            "ada>@example.com",
            "ada@example.com>",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada,eve@example.com",
        ] {
            assert_eq!(to_ascii_domain(text), None, "{text:?}");
        }
    }
}
