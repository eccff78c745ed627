//! The policy that the operator configures.

use chrono::TimeDelta;

use crate::model::{LiveAt, Timestamp};

/// The policy for sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignUpPolicy {
    /// Anyone may sign up.
    #[default]
    Open,
    /// Only users with the permission `users:create` may create users.
    Closed,
}

/// Settings that the rules of the domain depend on.
#[derive(Debug, Clone)]
pub struct Policy {
    /// True if anyone may sign up.
    pub sign_up: SignUpPolicy,
    /// True if users must verify their email address before they can sign in.
    pub require_verified_email: bool,
    /// The minimum number of code points of a new password.
    pub password_min_length: usize,
    /// The minimum strength of a new password, from 0, where only the most common are rejected, to 4.
    pub password_min_score: u8,
    /// The lifetime of an access token.
    pub access_token_ttl: TimeDelta,
    /// The lifetime of a session, which refreshing does not extend.
    pub session_ttl: TimeDelta,
    /// The time after which a session that is not used ends; `None` if it does not.
    pub session_idle_ttl: Option<TimeDelta>,
    /// The time for which a proof of identity suffices for sensitive changes.
    pub step_up_age: TimeDelta,
    /// The name under which authenticator apps and passkeys show this server: the host of the public URL.
    pub site: String,
    /// The grace period after a rotation, in which the replaced refresh token still returns the current one.
    pub refresh_grace: TimeDelta,
    /// The time after which audit events are deleted.
    pub audit_retention: TimeDelta,
    /// True if rate limits apply.
    pub rate_limits: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            sign_up: SignUpPolicy::Open,
            require_verified_email: false,
            password_min_length: 8,
            password_min_score: 0,
            access_token_ttl: TimeDelta::minutes(30),
            session_ttl: TimeDelta::days(30),
            session_idle_ttl: None,
            step_up_age: TimeDelta::minutes(10),
            site: "localhost".to_owned(),
            refresh_grace: TimeDelta::seconds(10),
            audit_retention: TimeDelta::days(365),
            rate_limits: true,
        }
    }
}

impl Policy {
    /// Returns the condition for sessions that are live at this time.
    #[must_use]
    pub fn live_at(&self, at: Timestamp) -> LiveAt {
        LiveAt::new(at, self.session_idle_ttl)
    }
}
