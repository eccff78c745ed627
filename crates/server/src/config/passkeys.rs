//! Settings of passkeys.

use std::collections::BTreeSet;

use super::{Http, PublicUrl, http::parse_origins, reader::Reader};

const RP_ID: &str = "VESTIBULE_PASSKEY_RP_ID";
const ORIGINS: &str = "VESTIBULE_PASSKEY_ORIGINS";

/// The number of registrable names that browsers accept in `/.well-known/webauthn` (Web Authentication Level 3,
/// section 5.11).
const MAX_NAMES: usize = 5;

/// Settings of passkeys.
#[derive(Debug, Clone)]
pub struct Passkeys {
    /// The identifier of the relying party: a host name. `None` if the host of the public URL is an IP address, for which
    /// there are no passkeys.
    pub rp_id: Option<String>,
    /// The origins whose pages may use the passkeys, that of the public URL first.
    pub origins: Vec<String>,
}

impl Passkeys {
    pub(crate) fn read(reader: &mut Reader<'_>, http: &Http) -> Self {
        let public_url = &http.public_url;
        let default = host_name(public_url);
        let parse = |text: &str| parse_rp_id(text, public_url).map(Some);
        let rp_id = reader.value(RP_ID, default, parse, |rp_id| {
            rp_id
                .clone()
                .unwrap_or_else(|| "(none: the host is an IP address)".to_owned())
        });
        if rp_id.is_none() {
            reader.warn(format!(
                "there are no passkeys, because the host of {} is an IP address; set VESTIBULE_PUBLIC_URL to a URL with a \
                 host name",
                public_url.as_str()
            ));
        }
        let is_related = |origin: &&String| rp_id.as_deref().is_some_and(|rp_id| is_within(host_of(origin), rp_id));
        let related = http
            .cors_origins
            .iter()
            .filter(|origin| is_related(origin) && is_secure(origin));
        let default = related.cloned().collect();
        let mut origins = reader.value(ORIGINS, default, parse_related_origins, |list: &Vec<String>| {
            list.join(",")
        });
        origins.retain(|origin| origin != public_url.as_str());
        origins.insert(0, public_url.as_str().to_owned());
        Self { rp_id, origins }
    }
}

/// Returns the host of the public URL if it is a name.
fn host_name(public_url: &PublicUrl) -> Option<String> {
    let host = public_url.host();
    let is_name = !host.starts_with('[') && host.parse::<std::net::Ipv4Addr>().is_err();
    is_name.then(|| host.to_owned())
}

fn parse_rp_id(text: &str, public_url: &PublicUrl) -> Result<String, String> {
    let expected = || {
        format!(
            "the host name of {} or a domain that contains it, in lower case and without a port",
            public_url.as_str()
        )
    };
    let host = host_name(public_url)
        .ok_or_else(|| format!("allowed while the host of {} is an IP address", public_url.as_str()))?;
    // A name without a dot is a top-level domain, unless it is the host itself.
    let is_valid = text == host || (text.contains('.') && is_within(&host, text));
    is_valid.then(|| text.to_owned()).ok_or_else(expected)
}

/// Returns whether a host is a domain or one of its subdomains.
fn is_within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Returns the host of an origin.
fn host_of(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

fn parse_related_origins(text: &str) -> Result<Vec<String>, String> {
    let origins = parse_origins(text)?;
    if !origins.iter().all(|origin| is_secure(origin)) {
        return Err("a list of `https` origins; browsers offer passkeys only there and on localhost".to_owned());
    }
    let names: BTreeSet<String> = origins.iter().map(|origin| registrable_name(host_of(origin))).collect();
    if names.len() > MAX_NAMES {
        return Err(format!(
            "a list of at most {MAX_NAMES} domains; browsers ignore the others"
        ));
    }
    Ok(origins)
}

/// Returns whether browsers offer passkeys on pages of an origin.
fn is_secure(origin: &str) -> bool {
    origin.starts_with("https://") || is_within(host_of(origin), "localhost")
}

/// Returns the last two labels of a host, which approximate the part that its owner has registered.
fn registrable_name(host: &str) -> String {
    let labels: Vec<&str> = host.rsplit('.').take(2).collect();
    labels.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_belongs_to_its_domain() {
        assert!(is_within("example.com", "example.com") && is_within("app.example.com", "example.com"));
        assert!(!is_within("badexample.com", "example.com") && !is_within("example.com", "app.example.com"));
        assert_eq!(host_of("https://app.example.com:8443"), "app.example.com");
    }

    #[test]
    fn related_origins_are_secure_and_of_at_most_five_domains() {
        assert!(parse_related_origins("https://a.example,http://localhost:5173").is_ok());
        assert!(parse_related_origins("http://a.example").is_err());
        let list = |count: usize| {
            let origins: Vec<String> = (0..count).map(|number| format!("https://www.a{number}.com")).collect();
            parse_related_origins(&origins.join(","))
        };
        assert!(list(5).is_ok() && list(6).is_err());
    }
}
