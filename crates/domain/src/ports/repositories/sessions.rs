//! The repository of sessions.

use std::num::NonZeroU32;

use crate::{
    model::{AuthenticatedSession, Device, Id, Limit, Listed, Session, SessionRow, Timestamp, User},
    ports::StoreResult,
};

/// Stored sessions.
pub trait SessionRepo {
    /// Finds a session, live or not.
    fn find_session(&self, id: Id<Session>) -> impl Future<Output = StoreResult<Option<Session>>> + Send;

    /// Finds a session with its user and the user's current permissions, which every request needs.
    fn find_authenticated_session(
        &self,
        id: Id<Session>,
    ) -> impl Future<Output = StoreResult<Option<AuthenticatedSession>>> + Send;

    /// Finds a session without its secrets, live or not.
    fn find_session_row(&self, id: Id<Session>) -> impl Future<Output = StoreResult<Option<SessionRow>>> + Send;

    /// Returns one page of the sessions of a user that are live at this time, newest first, and one more session if
    /// there is a next page.
    fn list_live_sessions(
        &self,
        user: Id<User>,
        at: Timestamp,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<SessionRow, Id<Session>>>>> + Send;

    /// Counts the sessions of a user that are live at this time, up to `bound + 1`.
    fn count_live_sessions_of(
        &self,
        user: Id<User>,
        at: Timestamp,
        bound: NonZeroU32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Returns one page of all stored sessions of a user, newest first, and one more session if there is a next page.
    fn list_sessions(
        &self,
        user: Id<User>,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<SessionRow, Id<Session>>>>> + Send;

    /// Returns at most `limit` live sessions of a user, without the `keep` most recently used ones.
    fn list_surplus_sessions(
        &self,
        user: Id<User>,
        at: Timestamp,
        keep: u32,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<Id<Session>>>> + Send;

    /// Returns the devices of the latest 100 sessions of a user, live or not.
    fn list_devices(&self, user: Id<User>) -> impl Future<Output = StoreResult<Vec<Device>>> + Send;

    /// Counts the sessions that are live at this time.
    fn count_live_sessions(&self, at: Timestamp) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Inserts a session.
    fn insert_session(&mut self, session: &Session) -> impl Future<Output = StoreResult<()>> + Send;

    /// Advances a live session from generation `from` to the next, unless its last rotation is later than `not_after`.
    /// Returns whether it did; of any number of concurrent calls, one returns `true`.
    fn rotate_session(
        &mut self,
        id: Id<Session>,
        from: u32,
        not_after: Timestamp,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Revokes a session. Returns whether it was live.
    fn revoke_session(&mut self, id: Id<Session>, at: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Revokes all sessions of a user, except one if it is given.
    fn revoke_sessions(
        &mut self,
        user: Id<User>,
        except: Option<Id<Session>>,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Revokes every session that is live at this time. Returns how many were revoked.
    fn revoke_all_sessions(&mut self, at: Timestamp) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Revokes at most `limit` live sessions of a user, except the `keep` most recently used ones. Returns how many
    /// were revoked.
    fn revoke_surplus_sessions(
        &mut self,
        user: Id<User>,
        at: Timestamp,
        keep: u32,
        limit: u32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes the user and the device from at most `limit` sessions of a user that are no longer live. Returns how
    /// many were changed.
    fn detach_ended_sessions(
        &mut self,
        user: Id<User>,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Revokes all sessions of a user who is about to be deleted, and removes the user and the device from them.
    fn detach_sessions(&mut self, user: Id<User>, at: Timestamp) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes at most `limit` sessions that expired before this time. Returns how many were deleted.
    fn delete_expired_sessions(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;
}
