//! Passwords that clients send to authenticate.

use std::sync::{Arc, Weak};

use crate::model::Password;

/// A password to verify, which knows whether its client still waits for the result.
///
/// Verification is slow, and clients may disconnect in the meantime. The use case then still runs to completion, so
/// that the attempt is counted, recorded or refunded like any other. But a password that is not being hashed yet is
/// skipped, and no tokens are issued, because no client would receive them.
#[derive(Debug, Clone)]
pub struct PasswordAttempt {
    password: Password,
    /// `None` if the caller always waits.
    client: Option<Weak<()>>,
}

/// A guard that the caller holds while the client waits for the result of its attempt.
#[derive(Debug)]
pub struct WaitingClient {
    _held: Arc<()>,
}

impl PasswordAttempt {
    /// Creates an attempt whose caller always waits for the result.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let password = Password::new_unchecked(text);
        Self { password, client: None }
    }

    /// Creates an attempt that is abandoned when the [`WaitingClient`] is dropped.
    #[must_use]
    pub fn of_client(text: &str) -> (Self, WaitingClient) {
        let held = Arc::new(());
        let client = Some(Arc::downgrade(&held));
        (
            Self {
                client,
                ..Self::new(text)
            },
            WaitingClient { _held: held },
        )
    }

    /// Returns whether the client has disconnected.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.client.as_ref().is_some_and(|client| client.strong_count() == 0)
    }

    /// Returns the password.
    #[must_use]
    pub const fn password(&self) -> &Password {
        &self.password
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempt_is_abandoned_when_its_client_is_dropped() {
        assert!(!PasswordAttempt::new("correct horse").is_abandoned());
        let (attempt, client) = PasswordAttempt::of_client("correct horse");
        assert!(!attempt.clone().is_abandoned());
        drop(client);
        assert!(attempt.is_abandoned());
    }
}
