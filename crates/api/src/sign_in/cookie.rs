//! Refresh tokens in cookies that scripts cannot read.

use std::str;

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::COOKIE,
};

use crate::{HttpSettings, problem::ApiError};

/// The port whose cookies have plain names, besides the default ports of `http` and `https`.
const DEFAULT_PORT: &str = "8000";

/// The cookie that shows a web app that it is signed in, so that it requests tokens only then. Scripts can read it.
const HINT: &str = "vestibule_signed_in";

/// The cookies of this server. Browsers send the cookies of a host to all of its ports. Unless the port of the public URL
/// is a default one, the names contain it, so that servers on the same host do not overwrite each other's cookies.
pub(super) struct Cookies {
    secure: bool,
    suffix: String,
}

impl Cookies {
    pub(super) fn new(settings: &HttpSettings) -> Self {
        let port = settings.public_url.rsplit_once(':').map_or("", |(_, port)| port);
        let is_plain = port == DEFAULT_PORT || port.parse::<u16>().is_err();
        Self {
            secure: settings.public_url.starts_with("https:"),
            suffix: if is_plain { String::new() } else { format!("_{port}") },
        }
    }

    /// Returns the name of the refresh cookie. Browsers accept a name with the prefix `__Secure-` only over TLS.
    fn name(&self) -> String {
        let prefix = if self.secure { "__Secure-" } else { "" };
        format!("{prefix}vestibule_refresh{}", self.suffix)
    }

    /// Returns the refresh token in the cookie of a request. The cookies of other applications may contain any bytes, so
    /// only this one is parsed.
    pub(super) fn read(&self, request: &HttpRequest) -> Option<String> {
        let name = self.name();
        let value_of = |pair: &[u8]| {
            let value = pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
            str::from_utf8(value).ok().map(str::to_owned)
        };
        let mut lines = request.headers().get_all(COOKIE);
        lines.find_map(|line| line.as_bytes().split(|byte| *byte == b';').find_map(value_of))
    }

    /// Sets a refresh token that expires after the given number of seconds.
    pub(super) fn set(&self, response: &mut HttpResponse, token: &str, seconds: i64) -> Result<(), ApiError> {
        self.add(response, token, "1", Duration::seconds(seconds))
    }

    /// Removes the refresh token.
    pub(super) fn clear(&self, response: &mut HttpResponse) -> Result<(), ApiError> {
        self.add(response, "", "", Duration::ZERO)
    }

    fn add(&self, response: &mut HttpResponse, token: &str, hint: &str, max_age: Duration) -> Result<(), ApiError> {
        let build = |name: String, value, path| {
            Cookie::build(name, value)
                .path(path)
                .max_age(max_age)
                .same_site(SameSite::Strict)
                .secure(self.secure)
        };
        let cookies = [
            build(self.name(), token, "/api/auth").http_only(true),
            build(format!("{HINT}{}", self.suffix), hint, "/"),
        ];
        for cookie in cookies {
            response
                .add_cookie(&cookie.finish())
                .map_err(|error| ApiError::internal(&error))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies_for(public_url: &str) -> Vec<String> {
        let settings = HttpSettings {
            public_url: public_url.to_owned(),
            cors_origins: Vec::new(),
            jwks: String::new(),
            hsts: None,
            trusted_proxies: Vec::new(),
            mail: false,
            docs: true,
        };
        let mut response = HttpResponse::Ok().finish();
        Cookies::new(&settings).set(&mut response, "token", 60).expect("set");
        response.cookies().map(|cookie| cookie.to_string()).collect()
    }

    #[test]
    fn cookies_over_tls_are_secure_by_name_and_attribute() {
        let cookies = cookies_for("https://id.example");
        assert!(cookies[0].starts_with("__Secure-vestibule_refresh=token; HttpOnly; SameSite=Strict; Secure;"));
        assert!(cookies[1].starts_with("vestibule_signed_in=1; SameSite=Strict; Secure;"));
        assert!(
            cookies_for("http://localhost:8000")
                .iter()
                .all(|cookie| !cookie.contains("Secure"))
        );
    }

    #[test]
    fn cookie_names_contain_a_port_that_is_not_a_default() {
        for (public_url, names) in [
            ("http://localhost:8000", ["vestibule_refresh=", "vestibule_signed_in="]),
            ("http://[::1]", ["vestibule_refresh=", "vestibule_signed_in="]),
            (
                "http://localhost:8010",
                ["vestibule_refresh_8010=", "vestibule_signed_in_8010="],
            ),
            (
                "https://id.example:8443",
                ["__Secure-vestibule_refresh_8443=", "vestibule_signed_in_8443="],
            ),
        ] {
            let cookies = cookies_for(public_url);
            assert!(
                cookies.iter().zip(names).all(|(cookie, name)| cookie.starts_with(name)),
                "{cookies:?}"
            );
        }
    }
}
