//! Refresh tokens in cookies, for web apps: what no script can read, no script can steal.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
};

use crate::{HttpSettings, problem::ApiError};

/// Tells a web app that it is signed in, so that it asks for tokens only when there are some.
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

    /// A browser takes a cookie whose name begins with `__Secure-` only over TLS.
    fn name(self) -> &'static str {
        if self.secure {
            "__Secure-vestibule_refresh"
        } else {
            "vestibule_refresh"
        }
    }

    /// The refresh token of a request.
    pub(super) fn read(self, request: &HttpRequest) -> Option<String> {
        request.cookie(self.name()).map(|cookie| cookie.value().to_owned())
    }

    /// Hands out a refresh token that is good for so many seconds.
    pub(super) fn set(self, response: &mut HttpResponse, token: &str, seconds: i64) -> Result<(), ApiError> {
        self.add(response, token, "1", Duration::seconds(seconds))
    }

    /// Takes the refresh token back.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn set_by(public_url: &str) -> Vec<String> {
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
    fn over_tls_a_cookie_is_secure_by_name_and_by_attribute() {
        let cookies = set_by("https://id.example");
        assert!(cookies[0].starts_with("__Secure-vestibule_refresh=token; HttpOnly; SameSite=Strict; Secure;"));
        assert!(cookies[1].starts_with("vestibule_signed_in=1; SameSite=Strict; Secure;"));
        assert!(
            set_by("http://localhost:8000")
                .iter()
                .all(|cookie| !cookie.contains("Secure"))
        );
    }
}
