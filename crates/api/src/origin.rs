//! Origins (RFC 6454) whose pages may call the API, and the reasons to reject a request.

use std::borrow::Cow;

use actix_web::{
    HttpRequest,
    http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN},
};
use vestibule_schema::Code;

use crate::{
    HttpSettings, log_limit,
    problem::{ApiError, ProblemCodes},
};

/// A header that scripts of allowed pages can set, and forms of other sites cannot.
const REQUESTED_WITH: &str = "x-requested-with";

impl HttpSettings {
    /// Returns whether pages of an origin may call the API: those of the public URL and of the configured origins. If
    /// the public URL is on `localhost`, also those of any port of this machine.
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        origin == self.public_url
            || self.cors_origins.iter().any(|allowed| allowed == origin)
            || (is_local(&self.public_url) && is_local(origin))
    }
}

/// Returns whether an origin is on a loopback address, with any port.
fn is_local(origin: &str) -> bool {
    let Some((_, authority)) = origin.split_once("://") else {
        return false;
    };
    let is_port = |text: &str| text.parse::<u16>().is_ok();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// The reason why a request is not from an allowed page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OriginError {
    /// The request has no `Origin`, so it is not from a browser.
    Missing,
    /// The request has no `X-Requested-With`.
    RequestedWithMissing,
    /// The origin is not listed.
    NotListed { origin: String },
    /// The page is from this server, but its URL is not the public URL.
    PublicUrl { origin: String, public_url: String },
    /// A preflight request asks for a method that no route has.
    Method(String),
}

/// A reason as programs and the page about the problem show it.
pub(crate) struct Reason {
    /// The `reason` in the response.
    pub(crate) name: &'static str,
    /// The situation in which it occurs and the solution, as HTML.
    pub(crate) help: &'static str,
}

const MISSING: Reason = Reason {
    name: "origin_missing",
    help: "The request uses the cookie transport without the header <code>Origin</code>. Browsers send it; other clients \
           use <code>\"transport\": \"body\"</code>.",
};

const REQUESTED_WITH_MISSING: Reason = Reason {
    name: "requested_with_missing",
    help: "The request uses the cookie transport without the header <code>X-Requested-With</code>. Send it with any \
           value, such as <code>XMLHttpRequest</code>.",
};

const NOT_LISTED: Reason = Reason {
    name: "origin_not_listed",
    help: "The page has an origin that may not call this server. Add it to <code>VESTIBULE_CORS_ORIGINS</code>.",
};

const PUBLIC_URL: Reason = Reason {
    name: "public_url_differs",
    help: "The page was opened at a URL of this server that is not its public URL, for example through a proxy or at an \
           IP address. Open the public URL, or set <code>VESTIBULE_PUBLIC_URL</code> to the URL that users open.",
};

const METHOD: Reason = Reason {
    name: "method_not_listed",
    help: "A page of another origin asks for a method other than <code>GET</code>, <code>HEAD</code>, <code>POST</code>, \
           <code>PUT</code>, <code>PATCH</code> and <code>DELETE</code>.",
};

const MISSING_DETAIL: &str = "The request has no header Origin, which browsers send. Other clients do not use the \
                              cookie transport but \"transport\": \"body\".";

const REQUESTED_WITH_MISSING_DETAIL: &str = "The cookie transport requires the header X-Requested-With, with any \
                                             value, which forms of other sites cannot send.";

const NULL_DETAIL: &str = "Pages without an origin, such as local files and sandboxed frames, may not call this server. \
                           Serve the page over HTTP.";

impl OriginError {
    /// All reasons.
    pub(crate) const REASONS: [Reason; 5] = [MISSING, REQUESTED_WITH_MISSING, NOT_LISTED, PUBLIC_URL, METHOD];

    fn reason(&self) -> Reason {
        match self {
            Self::Missing => MISSING,
            Self::RequestedWithMissing => REQUESTED_WITH_MISSING,
            Self::NotListed { .. } => NOT_LISTED,
            Self::PublicUrl { .. } => PUBLIC_URL,
            Self::Method(_) => METHOD,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Missing => MISSING_DETAIL.to_owned(),
            Self::RequestedWithMissing => REQUESTED_WITH_MISSING_DETAIL.to_owned(),
            Self::NotListed { origin } if origin == "null" => NULL_DETAIL.to_owned(),
            Self::NotListed { origin } => format!(
                "Pages of the origin {origin} may not call this server. Add the origin to VESTIBULE_CORS_ORIGINS."
            ),
            Self::PublicUrl { origin, public_url } => format!(
                "The page was opened at {origin}, but the public URL of this server is {public_url}. Open \
                 {public_url}, or set VESTIBULE_PUBLIC_URL to {origin}."
            ),
            Self::Method(method) => format!("Pages of other origins may not use the method {method}."),
        }
    }
}

impl From<OriginError> for ApiError {
    fn from(error: OriginError) -> Self {
        let detail = error.detail();
        log_limit::warn("request from a page that is not allowed", &detail);
        Self::new(Code::OriginNotAllowed).with_reason(error.reason().name, detail)
    }
}

impl ProblemCodes for OriginError {
    fn codes() -> Vec<Code> {
        vec![Code::OriginNotAllowed]
    }
}

/// Checks that a request with the cookie comes from an allowed page.
///
/// Requires an allowed `Origin`, and a non-empty `X-Requested-With`, which a form of another site cannot send. The cookie
/// is `SameSite=Strict`; this check also covers browsers that do not support the attribute, and other hosts of the same
/// site.
pub(crate) fn check_origin(request: &HttpRequest, settings: &HttpSettings) -> Result<(), OriginError> {
    let origin = header(request, ORIGIN.as_str()).ok_or(OriginError::Missing)?;
    if !settings.allows_origin(&origin) {
        return Err(not_allowed(request, &origin, settings));
    }
    match header(request, REQUESTED_WITH) {
        Some(value) if !value.is_empty() => Ok(()),
        _ => Err(OriginError::RequestedWithMissing),
    }
}

/// Returns the reason why a preflight request was rejected.
pub(crate) fn preflight_error(request: &HttpRequest, settings: &HttpSettings) -> OriginError {
    match header(request, ORIGIN.as_str()) {
        None => OriginError::Missing,
        Some(origin) if settings.allows_origin(&origin) => {
            let method = header(request, ACCESS_CONTROL_REQUEST_METHOD.as_str()).unwrap_or_default();
            OriginError::Method(method.into_owned())
        }
        Some(origin) => not_allowed(request, &origin, settings),
    }
}

/// Returns the reason why an origin is not allowed. A page of this server has the host of the request as its origin, also
/// through a proxy that forwards the host.
fn not_allowed(request: &HttpRequest, origin: &str, settings: &HttpSettings) -> OriginError {
    let origin = origin.to_owned();
    let is_own = origin
        .split_once("://")
        .is_some_and(|(_, host)| host == request.connection_info().host());
    if is_own {
        OriginError::PublicUrl {
            origin,
            public_url: settings.public_url.clone(),
        }
    } else {
        OriginError::NotListed { origin }
    }
}

/// Returns the text of a header. It may contain any characters, which JSON and the log escape.
fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<Cow<'a, str>> {
    let value = request.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_origins_have_any_port() {
        for origin in [
            "http://localhost",
            "http://localhost:5173",
            "https://127.0.0.1:3000",
            "http://[::1]:80",
        ] {
            assert!(is_local(origin), "{origin}");
        }
        for origin in [
            "null",
            "http://localhost.example",
            "http://127.0.0.1.example:80",
            "http://example.com:8000",
        ] {
            assert!(!is_local(origin), "{origin}");
        }
    }
}
