//! The public keys of Vestibule.

use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant},
};

use vestibule_security::{AccessTokenVerifier, JwtSettings};

use crate::{Settings, guard::Refusal};

/// The key set that was fetched last, and when.
pub(crate) struct KeySet {
    url: String,
    settings: JwtSettings,
    pause: Duration,
    fetched: RefCell<Option<(Instant, Rc<AccessTokenVerifier>)>>,
}

impl KeySet {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            url: format!("{}/.well-known/jwks.json", settings.accounts),
            settings: JwtSettings {
                issuer: settings.issuer.clone(),
                audience: settings.audience.clone(),
            },
            pause: settings.keys_pause,
            fetched: RefCell::new(None),
        }
    }

    /// The keys as they are known here, fetched the first time.
    pub(crate) async fn known(&self, http: &awc::Client) -> Result<Rc<AccessTokenVerifier>, Refusal> {
        let known = self.fetched.borrow().as_ref().map(|(_, keys)| Rc::clone(keys));
        match known {
            Some(keys) => Ok(keys),
            None => self.fetch(http).await,
        }
    }

    /// The keys as Vestibule has them now, for a token that names one that is not known here; `None` when
    /// they were fetched a moment ago.
    pub(crate) async fn renewed(&self, http: &awc::Client) -> Result<Option<Rc<AccessTokenVerifier>>, Refusal> {
        let is_new = |(at, _): &(Instant, _)| at.elapsed() < self.pause;
        if self.fetched.borrow().as_ref().is_some_and(is_new) {
            return Ok(None);
        }
        self.fetch(http).await.map(Some)
    }

    async fn fetch(&self, http: &awc::Client) -> Result<Rc<AccessTokenVerifier>, Refusal> {
        let mut answer = http.get(&self.url).send().await.map_err(|_| Refusal::Unavailable)?;
        if !answer.status().is_success() {
            return Err(Refusal::Unavailable);
        }
        let text = answer.body().await.map_err(|_| Refusal::Unavailable)?;
        let text = std::str::from_utf8(&text).map_err(|_| Refusal::Unavailable)?;
        let keys = AccessTokenVerifier::new(self.settings.clone(), text).map_err(|_| Refusal::Unavailable)?;
        let keys = Rc::new(keys);
        *self.fetched.borrow_mut() = Some((Instant::now(), Rc::clone(&keys)));
        Ok(keys)
    }
}
