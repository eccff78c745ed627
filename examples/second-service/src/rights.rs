//! What people may do, as Vestibule says it.

use std::{
    cell::RefCell,
    collections::HashMap,
    time::{Duration, Instant},
};

use actix_web::http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{Id, Permission, Permissions, RoleName, Session};

use crate::{Settings, guard::Refusal};

/// So many sessions at most are remembered.
const CAPACITY: usize = 10_000;

/// The part of `GET /api/users/me` that matters here.
#[derive(Deserialize)]
struct Me {
    roles: Vec<String>,
    permissions: Vec<String>,
}

/// What is known of the rights of sessions.
pub(crate) struct Rights {
    url: String,
    ttl: Duration,
    known: RefCell<HashMap<Id<Session>, (Instant, Permissions)>>,
}

impl Rights {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            url: format!("{}/api/users/me", settings.accounts),
            ttl: settings.rights_ttl,
            known: RefCell::default(),
        }
    }

    /// What the bearer of a token that was verified may do, asked again when the answer has grown old.
    pub(crate) async fn of(
        &self,
        session: Id<Session>,
        token: &str,
        http: &awc::Client,
    ) -> Result<Permissions, Refusal> {
        if let Some((at, permissions)) = self.known.borrow().get(&session)
            && at.elapsed() < self.ttl
        {
            return Ok(permissions.clone());
        }
        let permissions = self.ask(token, http).await?;
        let mut known = self.known.borrow_mut();
        if known.len() >= CAPACITY {
            known.retain(|_, (at, _)| at.elapsed() < self.ttl);
        }
        if known.len() < CAPACITY {
            known.insert(session, (Instant::now(), permissions.clone()));
        }
        Ok(permissions)
    }

    async fn ask(&self, token: &str, http: &awc::Client) -> Result<Permissions, Refusal> {
        let request = http.get(&self.url).bearer_auth(token);
        let mut answer = request.send().await.map_err(|_| Refusal::Unavailable)?;
        match answer.status() {
            StatusCode::OK => {}
            // The token is good, but its session was ended or its user is gone.
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => return Err(Refusal::Unauthenticated),
            _ => return Err(Refusal::Unavailable),
        }
        let me: Me = answer.json().await.map_err(|_| Refusal::Unavailable)?;
        Ok(permissions_of(&me))
    }
}

/// `admin` has every permission, those of this service too, which the list does not name.
fn permissions_of(me: &Me) -> Permissions {
    if me.roles.iter().any(|role| role == RoleName::ADMIN.as_str()) {
        return Permissions::All;
    }
    me.permissions
        .iter()
        .filter_map(|name| name.parse::<Permission>().ok())
        .collect()
}
