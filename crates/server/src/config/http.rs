//! Settings of the HTTP server: its addresses, public URL, CORS and proxies.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    thread,
};

use ipnet::IpNet;
use url::{Host, Origin, Url};

use super::reader::Reader;

const ADDR: &str = "VESTIBULE_ADDR";
const MANAGEMENT_ADDR: &str = "VESTIBULE_MANAGEMENT_ADDR";
const PUBLIC_URL: &str = "VESTIBULE_PUBLIC_URL";
const TRUSTED_PROXIES: &str = "VESTIBULE_TRUSTED_PROXIES";
const ORIGIN: &str = "a comma-separated list of origins, each a scheme and a host such as `https://app.example.com`";

/// Settings of the HTTP server.
#[derive(Debug, Clone)]
pub struct Http {
    /// The address to listen on. Port 0 selects a free port.
    pub addr: SocketAddr,
    /// The management address, unless it is disabled.
    pub management: Option<Management>,
    /// The URL at which users reach the server, without a trailing slash.
    pub public_url: PublicUrl,
    /// The origins of other web apps that may call the API.
    pub cors_origins: Vec<String>,
    /// The value of `Strict-Transport-Security` (RFC 6797). It is not sent without TLS.
    pub hsts: Option<String>,
    /// The networks of proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The OpenAPI document and Swagger UI are served.
    pub docs: bool,
    /// The number of worker threads.
    pub workers: usize,
}

/// The management address, which serves metrics and health checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Management {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The address is configured. Unlike the default address, it must then be free.
    pub is_configured: bool,
}

/// The URL at which users reach the server: `http` or `https`, a host and an optional port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    is_local: bool,
}

impl PublicUrl {
    /// Returns the URL without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the host: a name or an IP address, with brackets for IPv6.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.text.split_once("://").map_or("", |(_, rest)| rest);
        let without_port = authority.rsplit_once(':').filter(|(_, port)| !port.contains(']'));
        without_port.map_or(authority, |(host, _)| host)
    }

    /// Returns whether users reach the server over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// Returns whether only this machine can reach it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.is_local
    }

    fn parse(text: &str) -> Result<Self, String> {
        let url = parse_origin(text.strip_suffix('/').unwrap_or(text)).ok_or(
            "an `http` or `https` URL with a host and an optional port, such as `https://accounts.example.com`",
        )?;
        Ok(Self {
            is_local: is_local(&url),
            text: url.origin().ascii_serialization(),
        })
    }
}

impl Http {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let addr = reader.value(
            ADDR,
            SocketAddr::from(([127, 0, 0, 1], 8000)),
            parse_addr,
            ToString::to_string,
        );
        let management = read_management(reader);
        let public_url = reader.value(PUBLIC_URL, default_url(addr), PublicUrl::parse, |url| url.text.clone());
        let default = if public_url.is_local {
            vec!["http://localhost:5173".to_owned()]
        } else {
            Vec::new()
        };
        let cors_origins = reader.value("VESTIBULE_CORS_ORIGINS", default, parse_origins, |list| list.join(","));
        let hsts = read_hsts(reader, &public_url);
        let trusted_proxies = reader.value(TRUSTED_PROXIES, Vec::new(), parse_networks, |networks| {
            let networks: Vec<_> = networks.iter().map(IpNet::to_string).collect();
            networks.join(",")
        });
        let docs = reader.choice("VESTIBULE_DOCS", true, &[("on", true), ("off", false)]);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers = reader.number("VESTIBULE_WORKERS", cores, 1..=1024);
        let http = Self {
            addr,
            management,
            public_url,
            cors_origins,
            hsts,
            trusted_proxies,
            docs,
            workers,
        };
        http.check_public_url(reader);
        if http.needs_trusted_proxy() {
            reader.warn(format!(
                "{TRUSTED_PROXIES} is not set, but a proxy must terminate TLS for {}; set it to the address of the \
                 proxy, otherwise all clients share its rate limits and its address is in the audit log",
                http.public_url.as_str()
            ));
        }
        http
    }

    /// Returns whether a proxy must forward requests, because the server itself has no TLS, but none is trusted.
    pub(crate) fn needs_trusted_proxy(&self) -> bool {
        self.public_url.is_https() && self.trusted_proxies.is_empty()
    }

    /// Requires a public URL that other machines can reach if the server accepts their connections, because links,
    /// cookies and tokens contain it.
    fn check_public_url(&self, reader: &mut Reader<'_>) {
        let has_error = reader.has_error(ADDR) || reader.has_error(PUBLIC_URL);
        if !has_error && !self.addr.ip().is_loopback() && self.public_url.is_local {
            let (addr, url) = (self.addr, &self.public_url.text);
            reader.error(
                PUBLIC_URL,
                format!("other machines cannot reach `{url}`, but {ADDR}={addr} accepts their connections; set the URL that users open"),
            );
        }
    }
}

fn read_management(reader: &mut Reader<'_>) -> Option<Management> {
    let parse = |text: &str| match text {
        "off" => Ok(None),
        addr => {
            let addr = parse_addr(addr).map_err(|expected| format!("`off` or {expected}"))?;
            Ok(Some(Management {
                addr,
                is_configured: true,
            }))
        }
    };
    let default = Management {
        addr: SocketAddr::from(([127, 0, 0, 1], 8001)),
        is_configured: false,
    };
    reader.value(MANAGEMENT_ADDR, Some(default), parse, |management| {
        management.map_or_else(|| "off".to_owned(), |management| management.addr.to_string())
    })
}

/// Returns the URL of an address to listen on, as far as this machine can reach it.
fn default_url(addr: SocketAddr) -> PublicUrl {
    let host = match addr.ip() {
        // Other addresses of the loopback network are not `localhost`.
        IpAddr::V4(ip) if ip.is_loopback() && ip != Ipv4Addr::LOCALHOST => ip.to_string(),
        _ => "localhost".to_owned(),
    };
    // The system selects the port 0 later. Pages of this machine may then call the API nevertheless.
    let port = match addr.port() {
        0 => 8000,
        port => port,
    };
    let text = match port {
        80 => format!("http://{host}"),
        port => format!("http://{host}:{port}"),
    };
    PublicUrl { text, is_local: true }
}

/// Reads the value of `Strict-Transport-Security`. By default it does not include subdomains, which may have no TLS.
fn read_hsts(reader: &mut Reader<'_>, public_url: &PublicUrl) -> Option<String> {
    let default = public_url.is_https().then(|| "max-age=31536000".to_owned());
    let parse = |text: &str| match text {
        "off" => Ok(None),
        value if is_hsts(value) => Ok(Some(value.to_owned()).filter(|_| public_url.is_https())),
        _ => Err("`off`, or `max-age=` with seconds and optionally `; includeSubDomains` and `; preload`".to_owned()),
    };
    reader.value("VESTIBULE_HSTS", default, parse, |value| {
        value.clone().unwrap_or_else(|| "off".to_owned())
    })
}

/// Returns whether a value has the syntax of `Strict-Transport-Security`, in its usual spelling: each directive at most
/// once (RFC 6797, section 6.1).
fn is_hsts(value: &str) -> bool {
    let mut directives = value.split(';').map(str::trim);
    let max_age = directives.next().and_then(|first| first.strip_prefix("max-age="));
    let is_number = |text: &str| matches!(text.len(), 1..=10) && text.bytes().all(|byte| byte.is_ascii_digit());
    let others: Vec<_> = directives.collect();
    max_age.is_some_and(is_number)
        && matches!(
            others.as_slice(),
            [] | ["includeSubDomains" | "preload"]
                | ["includeSubDomains", "preload"]
                | ["preload", "includeSubDomains"]
        )
}

fn parse_addr(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "an IP address and a port, such as `127.0.0.1:8000` or `[::]:8000`".to_owned())
}

/// Parses networks. An IP address without a prefix length is a network of one address.
fn parse_networks(text: &str) -> Result<Vec<IpNet>, String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let network = |item: &str| {
        item.parse()
            .ok()
            .or_else(|| item.parse::<IpAddr>().ok().map(IpNet::from))
    };
    let networks: Option<Vec<IpNet>> = items.map(network).collect();
    networks.ok_or_else(|| "a comma-separated list of networks or addresses, such as `10.0.0.0/8,::1`".to_owned())
}

/// Parses origins. An empty list allows none.
pub(super) fn parse_origins(text: &str) -> Result<Vec<String>, String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let origins = items.map(|item| parse_origin(item).map(|url| url.origin().ascii_serialization()));
    origins.collect::<Option<_>>().ok_or_else(|| ORIGIN.to_owned())
}

/// Parses a URL that is only an origin (RFC 6454): scheme, host and optional port.
fn parse_origin(text: &str) -> Option<Url> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let Origin::Tuple(..) = url.origin() else { return None };
    let rest = text.get(url.scheme().len()..)?.strip_prefix("://")?;
    (!rest.contains(['/', '?', '#', '@', '\\', '*']) && !rest.contains(char::is_whitespace)).then_some(url)
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> Option<(String, bool)> {
        PublicUrl::parse(text).ok().map(|url| (url.text, url.is_local))
    }

    #[test]
    fn public_url_is_an_origin_without_trailing_slash() {
        assert_eq!(
            public("https://Accounts.Example.com/"),
            Some(("https://accounts.example.com".to_owned(), false))
        );
        assert_eq!(
            public("http://localhost:8000"),
            Some(("http://localhost:8000".to_owned(), true))
        );
        assert_eq!(
            public("https://example.com:443"),
            Some(("https://example.com".to_owned(), false))
        );
        assert_eq!(public("http://[::1]:8000").map(|(_, local)| local), Some(true));
        for invalid in [
            "example.com",
            "ftp://example.com",
            "http://a/b",
            "http://a?b",
            "http://a#b",
            "http://u:p@a",
            "",
        ] {
            assert_eq!(public(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn default_public_url_follows_the_address() {
        for (addr, url) in [
            ("127.0.0.1:8000", "http://localhost:8000"),
            ("127.0.0.1:8010", "http://localhost:8010"),
            ("[::1]:9000", "http://localhost:9000"),
            ("127.0.0.2:8000", "http://127.0.0.2:8000"),
            ("127.0.0.1:80", "http://localhost"),
            ("127.0.0.1:0", "http://localhost:8000"),
        ] {
            assert_eq!(default_url(addr.parse().expect("an address")).text, url, "{addr}");
        }
    }

    #[test]
    fn hsts_has_the_syntax_of_its_header() {
        for valid in [
            "max-age=0",
            "max-age=300; includeSubDomains",
            "max-age=63072000; includeSubDomains; preload",
        ] {
            assert!(is_hsts(valid), "{valid}");
        }
        for invalid in [
            "",
            "on",
            "max-age",
            "max-age=1y",
            "includeSubDomains",
            "max-age=1; other",
            "max-age=+1",
            "max-age=1; preload; preload",
        ] {
            assert!(!is_hsts(invalid), "{invalid}");
        }
    }

    #[test]
    fn cors_origins_are_exact() {
        let origins = parse_origins("https://a.example, http://localhost:5173,").expect("valid");
        assert_eq!(origins, ["https://a.example", "http://localhost:5173"]);
        assert_eq!(parse_origins("").expect("valid"), Vec::<String>::new());
        for invalid in [
            "*",
            "null",
            "https://*.example",
            "https://a.example/",
            "a.example",
            "https://a b",
        ] {
            assert!(parse_origins(invalid).is_err(), "{invalid}");
        }
    }
}
