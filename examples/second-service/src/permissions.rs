//! The permissions of users, as `GET /api/users/me` of Vestibule returns them.

use std::{
    cell::RefCell,
    collections::HashMap,
    time::{Duration, Instant},
};

use actix_web::http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{Id, Permission, Permissions, RoleName, Session};

use crate::{Settings, auth::AuthError};

/// The maximum number of cached sessions.
const CAPACITY: usize = 10_000;

/// The fields of `GET /api/users/me` that this service needs.
#[derive(Deserialize)]
struct Me {
    roles: Vec<String>,
    permissions: Vec<String>,
}

/// A cache of permissions by session.
pub(crate) struct PermissionCache {
    url: String,
    ttl: Duration,
    entries: RefCell<HashMap<Id<Session>, (Instant, Permissions)>>,
}

impl PermissionCache {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            url: format!("{}/api/users/me", settings.vestibule_url),
            ttl: settings.permissions_ttl,
            entries: RefCell::default(),
        }
    }

    /// Returns the permissions of a session whose token was verified, and fetches them if the cached ones have expired.
    pub(crate) async fn get(
        &self,
        session: Id<Session>,
        token: &str,
        http: &awc::Client,
    ) -> Result<Permissions, AuthError> {
        if let Some((at, permissions)) = self.entries.borrow().get(&session)
            && at.elapsed() < self.ttl
        {
            return Ok(permissions.clone());
        }
        let permissions = self.fetch(token, http).await?;
        let mut entries = self.entries.borrow_mut();
        if entries.len() >= CAPACITY {
            entries.retain(|_, (at, _)| at.elapsed() < self.ttl);
        }
        if entries.len() < CAPACITY {
            entries.insert(session, (Instant::now(), permissions.clone()));
        }
        Ok(permissions)
    }

    async fn fetch(&self, token: &str, http: &awc::Client) -> Result<Permissions, AuthError> {
        let request = http.get(&self.url).bearer_auth(token);
        let mut response = request.send().await.map_err(|_| AuthError::Unavailable)?;
        match response.status() {
            StatusCode::OK => {}
            // The token is valid, but its session was revoked or its user was deleted.
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => return Err(AuthError::Unauthenticated),
            _ => return Err(AuthError::Unavailable),
        }
        let me: Me = response.json().await.map_err(|_| AuthError::Unavailable)?;
        Ok(permissions_of(&me))
    }
}

/// Returns all permissions for the role `admin`: it also grants those of this service, which the response does not list.
fn permissions_of(me: &Me) -> Permissions {
    if me.roles.iter().any(|role| role == RoleName::ADMIN.as_str()) {
        return Permissions::All;
    }
    me.permissions
        .iter()
        .filter_map(|name| name.parse::<Permission>().ok())
        .collect()
}
