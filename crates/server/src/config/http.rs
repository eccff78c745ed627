//! What the server listens on, and where people reach it.

use std::{
    net::{IpAddr, SocketAddr},
    thread,
};

use ipnet::IpNet;
use url::{Host, Origin, Url};

use super::reader::Reader;

const ADDR: &str = "VESTIBULE_ADDR";
const MANAGEMENT_ADDR: &str = "VESTIBULE_MANAGEMENT_ADDR";
const PUBLIC_URL: &str = "VESTIBULE_PUBLIC_URL";
const ORIGIN: &str = "a comma-separated list of origins, each a scheme and a host such as `https://app.example.com`";

/// The settings of the HTTP server.
#[derive(Debug, Clone)]
pub struct Http {
    /// The address to listen on; port 0 takes any free one.
    pub addr: SocketAddr,
    /// The address for metrics, if there is to be one.
    pub management: Option<Management>,
    /// Where people reach the server, without a slash at the end.
    pub public_url: PublicUrl,
    /// The origins of web apps elsewhere that may call.
    pub cors_origins: Vec<String>,
    /// The networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether the OpenAPI document and its pages are served.
    pub docs: bool,
    /// The number of threads that answer requests.
    pub workers: usize,
}

/// The address for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Management {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// Whether somebody asked for it: an address that nobody asked for may be taken.
    pub is_asked_for: bool,
}

/// Where people reach the server: `http` or `https`, a host and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    local: bool,
}

impl PublicUrl {
    /// The URL, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its host: a name, or an address, one of IPv6 in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.text.split_once("://").map_or("", |(_, rest)| rest);
        let without_port = authority.rsplit_once(':').filter(|(_, port)| !port.contains(']'));
        without_port.map_or(authority, |(host, _)| host)
    }

    /// Whether only this machine can reach it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.local
    }

    fn parse(text: &str) -> Result<Self, String> {
        let url = origin(text.strip_suffix('/').unwrap_or(text))
            .ok_or("an `http` or `https` URL of a host and perhaps a port, such as `https://accounts.example.com`")?;
        Ok(Self {
            local: is_local(&url),
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
        let public_url = reader.value(PUBLIC_URL, default_url(), PublicUrl::parse, |url| url.text.clone());
        let default = if public_url.local {
            vec!["http://localhost:5173".to_owned()]
        } else {
            Vec::new()
        };
        let cors_origins = reader.value("VESTIBULE_CORS_ORIGINS", default, parse_origins, |list| list.join(","));
        let trusted_proxies = reader.value("VESTIBULE_TRUSTED_PROXIES", Vec::new(), parse_networks, |networks| {
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
            trusted_proxies,
            docs,
            workers,
        };
        http.check_reach(reader);
        http
    }

    /// Links, cookies and tokens carry the public URL, so whoever lets others in must name one that
    /// leads others here.
    fn check_reach(&self, reader: &mut Reader<'_>) {
        let guessed = reader.is_wrong(ADDR) || reader.is_wrong(PUBLIC_URL);
        if !guessed && !self.addr.ip().is_loopback() && self.public_url.local {
            let (addr, url) = (self.addr, &self.public_url.text);
            reader.mistake(
                PUBLIC_URL,
                format!("`{url}` leads nobody here from other machines, which {ADDR}={addr} lets in; set the URL that they use"),
            );
        }
    }
}

fn read_management(reader: &mut Reader<'_>) -> Option<Management> {
    let parse = |text: &str| match text {
        "off" => Ok(None),
        addr => {
            let addr = parse_addr(addr).map_err(|right| format!("`off` or {right}"))?;
            Ok(Some(Management {
                addr,
                is_asked_for: true,
            }))
        }
    };
    let default = Management {
        addr: SocketAddr::from(([127, 0, 0, 1], 8001)),
        is_asked_for: false,
    };
    reader.value(MANAGEMENT_ADDR, Some(default), parse, |management| {
        management.map_or_else(|| "off".to_owned(), |management| management.addr.to_string())
    })
}

fn default_url() -> PublicUrl {
    PublicUrl {
        text: "http://localhost:8000".to_owned(),
        local: true,
    }
}

fn parse_addr(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "an IP address and a port, such as `127.0.0.1:8000` or `[::]:8000`".to_owned())
}

/// An address alone is a network of one.
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

/// An empty list is a list: it allows no origin.
fn parse_origins(text: &str) -> Result<Vec<String>, String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let origins = items.map(|item| origin(item).map(|url| url.origin().ascii_serialization()));
    origins.collect::<Option<_>>().ok_or_else(|| ORIGIN.to_owned())
}

/// A URL that is an origin and nothing more (RFC 6454): scheme, host and perhaps port.
fn origin(text: &str) -> Option<Url> {
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
        PublicUrl::parse(text).ok().map(|url| (url.text, url.local))
    }

    #[test]
    fn a_public_url_is_an_origin_and_loses_its_slash() {
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
        for bad in [
            "example.com",
            "ftp://example.com",
            "http://a/b",
            "http://a?b",
            "http://a#b",
            "http://u:p@a",
            "",
        ] {
            assert_eq!(public(bad), None, "{bad}");
        }
    }

    #[test]
    fn origins_are_exact() {
        let origins = parse_origins("https://a.example, http://localhost:5173,").expect("valid");
        assert_eq!(origins, ["https://a.example", "http://localhost:5173"]);
        assert_eq!(parse_origins("").expect("valid"), Vec::<String>::new());
        for bad in [
            "*",
            "null",
            "https://*.example",
            "https://a.example/",
            "a.example",
            "https://a b",
        ] {
            assert!(parse_origins(bad).is_err(), "{bad}");
        }
    }
}
