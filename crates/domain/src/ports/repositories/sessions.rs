//! The repository of sessions.

use std::num::NonZeroU32;

use crate::{
    model::{AuthMethods, AuthenticatedSession, Device, Id, Limit, Listed, LiveAt, Session, SessionRow, Timestamp, User},
    ports::StoreResult,
};

/// Stored sessions.
#[trait_variant::make(Send)]
pub trait SessionRepo {
    /// Finds a session, live or not.
    async fn find_session(&self, id: Id<Session>) -> StoreResult<Option<Session>>;

    /// Finds a session with its user and the user's current permissions, which every request needs.
    async fn find_authenticated_session(&self, id: Id<Session>) -> StoreResult<Option<AuthenticatedSession>>;

    /// Finds a session without its secrets, live or not.
    async fn find_session_row(&self, id: Id<Session>) -> StoreResult<Option<SessionRow>>;

    /// Returns one page of the live sessions of a user, newest first, and one more session if there is a next page.
    async fn list_live_sessions(
        &self,
        user: Id<User>,
        live: &LiveAt,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> StoreResult<Vec<Listed<SessionRow, Id<Session>>>>;

    /// Counts the live sessions of a user, up to `bound + 1`.
    async fn count_live_sessions_of(&self, user: Id<User>, live: &LiveAt, bound: NonZeroU32) -> StoreResult<u64>;

    /// Returns one page of all stored sessions of a user, newest first, and one more session if there is a next page.
    async fn list_sessions(
        &self,
        user: Id<User>,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> StoreResult<Vec<Listed<SessionRow, Id<Session>>>>;

    /// Returns at most `limit` live sessions of a user, without the `keep` most recently used ones.
    async fn list_surplus_sessions(
        &self,
        user: Id<User>,
        live: &LiveAt,
        keep: u32,
        limit: u32,
    ) -> StoreResult<Vec<Id<Session>>>;

    /// Returns the devices of the latest 100 sessions of a user, live or not.
    async fn list_devices(&self, user: Id<User>) -> StoreResult<Vec<Device>>;

    /// Counts the live sessions.
    async fn count_live_sessions(&self, live: &LiveAt) -> StoreResult<u64>;

    /// Inserts a session.
    async fn insert_session(&mut self, session: &Session) -> StoreResult<()>;

    /// Records a use of a session, unless one after `before` is recorded already.
    async fn record_session_use(&mut self, id: Id<Session>, before: Timestamp, at: Timestamp) -> StoreResult<()>;

    /// Records that the user of a session proved who they are, and adds the methods.
    async fn record_proof(&mut self, id: Id<Session>, methods: &AuthMethods, at: Timestamp) -> StoreResult<()>;

    /// Advances a live session from generation `from` to the next, unless its last rotation is later than `not_after`.
    /// Returns whether it did; of any number of concurrent calls, one returns `true`.
    async fn rotate_session(
        &mut self,
        id: Id<Session>,
        from: u32,
        not_after: Timestamp,
        at: Timestamp,
    ) -> StoreResult<bool>;

    /// Revokes a session. Returns whether it was live.
    async fn revoke_session(&mut self, id: Id<Session>, at: Timestamp) -> StoreResult<bool>;

    /// Revokes all sessions of a user, except one if it is given.
    async fn revoke_sessions(&mut self, user: Id<User>, except: Option<Id<Session>>, at: Timestamp) -> StoreResult<()>;

    /// Revokes every session that is live at this time. Returns how many were revoked.
    async fn revoke_all_sessions(&mut self, at: Timestamp) -> StoreResult<u64>;

    /// Revokes at most `limit` live sessions of a user, except the `keep` most recently used ones. Returns how many
    /// were revoked.
    async fn revoke_surplus_sessions(
        &mut self,
        user: Id<User>,
        live: &LiveAt,
        keep: u32,
        limit: u32,
    ) -> StoreResult<u64>;

    /// Removes the user and the device from at most `limit` sessions of a user that are no longer live. Returns how
    /// many were changed.
    async fn detach_ended_sessions(&mut self, user: Id<User>, at: Timestamp, limit: u32) -> StoreResult<u64>;

    /// Revokes all sessions of a user who is about to be deleted, and removes the user and the device from them.
    async fn detach_sessions(&mut self, user: Id<User>, at: Timestamp) -> StoreResult<()>;

    /// Deletes at most `limit` sessions that expired before this time. Returns how many were deleted.
    async fn delete_expired_sessions(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;
}
