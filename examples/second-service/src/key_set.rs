//! The public keys of Vestibule.

use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant},
};

use vestibule_security::{AccessTokenVerifier, JwtSettings};

use crate::{Settings, auth::AuthError};

/// A cache of the key set that was fetched last.
pub(crate) struct KeySet {
    url: String,
    settings: JwtSettings,
    min_refresh_interval: Duration,
    cached: RefCell<Option<(Instant, Rc<AccessTokenVerifier>)>>,
}

impl KeySet {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            url: format!("{}/.well-known/jwks.json", settings.vestibule_url),
            settings: JwtSettings {
                issuer: settings.issuer.clone(),
                audience: settings.audience.clone(),
            },
            min_refresh_interval: settings.min_key_refresh_interval,
            cached: RefCell::new(None),
        }
    }

    /// Returns the cached keys, and fetches them if there are none.
    pub(crate) async fn cached(&self, http: &awc::Client) -> Result<Rc<AccessTokenVerifier>, AuthError> {
        let cached = self.cached.borrow().as_ref().map(|(_, keys)| Rc::clone(keys));
        match cached {
            Some(keys) => Ok(keys),
            None => self.fetch(http).await,
        }
    }

    /// Fetches the keys again, for a token with an unknown key. Returns `None` if the last fetch was less than
    /// the minimum interval ago.
    pub(crate) async fn refreshed(&self, http: &awc::Client) -> Result<Option<Rc<AccessTokenVerifier>>, AuthError> {
        let is_recent = |(at, _): &(Instant, _)| at.elapsed() < self.min_refresh_interval;
        if self.cached.borrow().as_ref().is_some_and(is_recent) {
            return Ok(None);
        }
        self.fetch(http).await.map(Some)
    }

    async fn fetch(&self, http: &awc::Client) -> Result<Rc<AccessTokenVerifier>, AuthError> {
        let mut response = http.get(&self.url).send().await.map_err(|_| AuthError::Unavailable)?;
        if !response.status().is_success() {
            return Err(AuthError::Unavailable);
        }
        let body = response.body().await.map_err(|_| AuthError::Unavailable)?;
        let jwks = std::str::from_utf8(&body).map_err(|_| AuthError::Unavailable)?;
        let keys = AccessTokenVerifier::new(self.settings.clone(), jwks).map_err(|_| AuthError::Unavailable)?;
        let keys = Rc::new(keys);
        *self.cached.borrow_mut() = Some((Instant::now(), Rc::clone(&keys)));
        Ok(keys)
    }
}
