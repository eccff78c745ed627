//! The policy that the operator configures.

use chrono::TimeDelta;

/// Whether people may create accounts for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignUpPolicy {
    /// Anyone may.
    #[default]
    Open,
    /// Only who holds `users:create` may create users.
    Closed,
}

/// The operator's decisions.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Whether people may sign up by themselves.
    pub sign_up: SignUpPolicy,
    /// Whether an address must be verified before its owner can sign in.
    pub require_verified_email: bool,
    /// The least number of code points of a new password.
    pub password_min_length: usize,
    /// How hard to guess a new password must be, from 0, where only the commonest are refused, to 4.
    pub password_min_score: u8,
    /// How long an access token is good for.
    pub access_token_ttl: TimeDelta,
    /// How long a session lasts at most, however often it is refreshed.
    pub session_ttl: TimeDelta,
    /// How long after a rotation the replaced refresh token still gives the current one.
    pub refresh_grace: TimeDelta,
    /// How long audit events are kept.
    pub audit_retention: TimeDelta,
    /// Whether it is bounded how often passwords may be tried.
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
            refresh_grace: TimeDelta::seconds(10),
            audit_retention: TimeDelta::days(365),
            rate_limits: true,
        }
    }
}
