//! Refresh tokens in cookies that scripts cannot read.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::ORIGIN,
};

use crate::{
    HttpSettings,
    problem::{ApiError, failures},
};

/// The cookie that shows a web app that it is signed in, so that it requests tokens only then. Scripts can read it.
const HINT: &str = "vestibule_signed_in";

/// The cookies of this server.
#[derive(Clone, Copy)]
pub(super) struct Cookies {
    secure: bool,
}

impl Cookies {
    pub(super) fn new(settings: &HttpSettings) -> Self {
        Self {
            secure: settings.public_url.starts_with("https:"),
        }
    }

    /// Returns the name of the refresh cookie. Browsers accept a name with the prefix `__Secure-` only over TLS.
    fn name(self) -> &'static str {
        if self.secure {
            "__Secure-vestibule_refresh"
        } else {
            "vestibule_refresh"
        }
    }

    /// Returns the refresh token in the cookie of a request.
    pub(super) fn read(self, request: &HttpRequest) -> Option<String> {
        request.cookie(self.name()).map(|cookie| cookie.value().to_owned())
    }

    /// Sets a refresh token that expires after the given number of seconds.
    pub(super) fn set(self, response: &mut HttpResponse, token: &str, seconds: i64) -> Result<(), ApiError> {
        self.add(response, token, "1", Duration::seconds(seconds))
    }

    /// Removes the refresh token.
    pub(super) fn clear(self, response: &mut HttpResponse) -> Result<(), ApiError> {
        self.add(response, "", "", Duration::ZERO)
    }

    fn add(self, response: &mut HttpResponse, token: &str, hint: &str, max_age: Duration) -> Result<(), ApiError> {
        let build = |name, value, path| {
            Cookie::build(name, value)
                .path(path)
                .max_age(max_age)
                .same_site(SameSite::Strict)
                .secure(self.secure)
        };
        let cookies = [
            build(self.name(), token, "/api/auth").http_only(true),
            build(HINT, hint, "/"),
        ];
        for cookie in cookies {
            response
                .add_cookie(&cookie.finish())
                .map_err(|error| ApiError::internal(&error))?;
        }
        Ok(())
    }
}

/// A request with the cookie does not come from an allowed page.
pub(super) struct OriginNotAllowed;

failures! {
    OriginNotAllowed => OriginNotAllowed;
}

/// Checks that a request with the cookie comes from an allowed page.
///
/// Requires an `Origin` that is the public URL or listed in the settings, and a non-empty `X-Requested-With`, which a
/// form of another site cannot send. The cookie is `SameSite=Strict`; this check also covers browsers that do not
/// support the attribute, and other hosts of the same site.
pub(super) fn check_origin(request: &HttpRequest, settings: &HttpSettings) -> Result<(), OriginNotAllowed> {
    let origin = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let is_allowed =
        |origin: &str| origin == settings.public_url || settings.cors_origins.iter().any(|allowed| allowed == origin);
    let is_sent_by_script = request
        .headers()
        .get("x-requested-with")
        .is_some_and(|value| !value.is_empty());
    if is_sent_by_script && origin.is_some_and(is_allowed) {
        Ok(())
    } else {
        Err(OriginNotAllowed)
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
}
