//! Rotation of refresh tokens.

use chrono::TimeDelta;

use crate::model::{Session, Timestamp};

/// The way to handle a genuine refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// Advance the session to the next generation.
    Rotate,
    /// Return the current token again: the last rotation is so recent that this is a retry, another tab or a lost
    /// response.
    Repeat,
    /// Revoke the session: the token was replaced earlier, so two parties have tokens of this session and one of them
    /// stole its token.
    Reuse,
    /// Reject the token: the session has not reached its generation, for example after a restore from a backup.
    FromTheFuture,
}

/// Decides how to handle a genuine token of a generation.
pub(crate) fn decide(session: &Session, generation: u32, at: Timestamp, grace: TimeDelta) -> Rotation {
    // The clocks of two machines may differ, so a rotation in the near future counts as recent.
    let is_recent = session.rotated_at.is_some_and(|rotated_at| at - rotated_at < grace);
    let behind = i64::from(session.generation) - i64::from(generation);
    match (behind, is_recent) {
        (..0, _) => Rotation::FromTheFuture,
        (0, false) => Rotation::Rotate,
        (0 | 1, true) => Rotation::Repeat,
        _ => Rotation::Reuse,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{AuthMethods, Device, Id, Secret};

    const GRACE: TimeDelta = TimeDelta::seconds(10);

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).expect("in range")
    }

    fn session(generation: u32, rotated_at: Option<i64>) -> Session {
        Session {
            id: Id::from_uuid(uuid::Uuid::nil()),
            user: None,
            secret: Secret::new([0; 32]),
            generation,
            rotated_at: rotated_at.map(at),
            created_at: at(-1000),
            last_used_at: at(-1000),
            expires_at: at(1000),
            revoked_at: None,
            authenticated_at: at(-1000),
            methods: AuthMethods::default(),
            device: Device::default(),
        }
    }

    #[test]
    fn first_refresh_rotates() {
        assert_eq!(decide(&session(0, None), 0, at(0), GRACE), Rotation::Rotate);
    }

    #[test]
    fn tokens_do_not_rotate_within_grace_period() {
        let session = session(7, Some(0));
        for generation in [6, 7] {
            assert_eq!(decide(&session, generation, at(9), GRACE), Rotation::Repeat);
        }
        assert_eq!(decide(&session, 5, at(9), GRACE), Rotation::Reuse);
    }

    #[test]
    fn after_grace_period_new_token_rotates_and_old_token_is_reuse() {
        let session = session(7, Some(0));
        assert_eq!(decide(&session, 7, at(10), GRACE), Rotation::Rotate);
        assert_eq!(decide(&session, 6, at(10), GRACE), Rotation::Reuse);
        assert_eq!(decide(&session, 0, at(10), GRACE), Rotation::Reuse);
    }

    #[test]
    fn rotation_by_machine_whose_clock_runs_ahead_is_recent() {
        assert_eq!(decide(&session(7, Some(2)), 6, at(0), GRACE), Rotation::Repeat);
    }

    #[test]
    fn generation_from_the_future_is_rejected_without_revocation() {
        assert_eq!(decide(&session(7, Some(0)), 8, at(9), GRACE), Rotation::FromTheFuture);
        assert_eq!(
            decide(&session(7, Some(0)), u32::MAX, at(99), GRACE),
            Rotation::FromTheFuture
        );
    }
}
