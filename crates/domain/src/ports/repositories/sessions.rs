//! The repository of sessions.

use std::num::NonZeroU32;

use crate::{
    model::{AuthenticatedSession, Device, Id, Limit, Listed, Session, SessionRow, Timestamp, User},
    ports::StoreResult,
};

/// Stored sessions.
pub trait SessionRepo {
    /// A session, live or not.
    fn find_session(&self, id: Id<Session>) -> impl Future<Output = StoreResult<Option<Session>>> + Send;

    /// What each request asks: whether the session lives, who the user is and what the user may do.
    fn find_authenticated_session(
        &self,
        id: Id<Session>,
    ) -> impl Future<Output = StoreResult<Option<AuthenticatedSession>>> + Send;

    /// What a list shows of a session, live or not.
    fn find_session_row(&self, id: Id<Session>) -> impl Future<Output = StoreResult<Option<SessionRow>>> + Send;

    /// One page of the sessions of a user that live `at` this time, newest first, and one more when there is
    /// a next page.
    fn list_live_sessions(
        &self,
        user: Id<User>,
        at: Timestamp,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<SessionRow, Id<Session>>>>> + Send;

    /// How many sessions of a user live `at` this time; counting stops at `bound + 1`.
    fn count_live_sessions_of(
        &self,
        user: Id<User>,
        at: Timestamp,
        bound: NonZeroU32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// One page of all sessions of a user that are remembered, newest first, and one more when there is a
    /// next page.
    fn list_sessions(
        &self,
        user: Id<User>,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<SessionRow, Id<Session>>>>> + Send;

    /// The live sessions of a user beyond the `keep` most recently used ones, at most `limit` of them.
    fn list_surplus_sessions(
        &self,
        user: Id<User>,
        at: Timestamp,
        keep: u32,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<Id<Session>>>> + Send;

    /// Where a user's latest sessions were started, live or not; 100 at most.
    fn list_devices(&self, user: Id<User>) -> impl Future<Output = StoreResult<Vec<Device>>> + Send;

    /// How many sessions live `at` this time.
    fn count_live_sessions(&self, at: Timestamp) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Adds a session.
    fn insert_session(&mut self, session: &Session) -> impl Future<Output = StoreResult<()>> + Send;

    /// Moves a live session from generation `from` to the next, unless its last rotation is later than
    /// `not_after`. Of any number of simultaneous calls one says `true`.
    fn rotate_session(
        &mut self,
        id: Id<Session>,
        from: u32,
        not_after: Timestamp,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Ends one session, if it is live: says whether it was.
    fn revoke_session(&mut self, id: Id<Session>, at: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Ends all sessions of a user, save one.
    fn revoke_sessions(
        &mut self,
        user: Id<User>,
        except: Option<Id<Session>>,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Revokes every session that is live at this time: returns how many.
    fn revoke_all_sessions(&mut self, at: Timestamp) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Revokes live sessions of a user beyond the `keep` most recently used ones, at most `limit` of them. Returns
    /// their number.
    fn revoke_surplus_sessions(
        &mut self,
        user: Id<User>,
        at: Timestamp,
        keep: u32,
        limit: u32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Detaches at most `limit` sessions that are no longer live from their user, with where they were
    /// started. Returns their number.
    fn detach_ended_sessions(
        &mut self,
        user: Id<User>,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Ends all sessions of a user who is about to be deleted, and forgets whose and where they were.
    fn detach_sessions(&mut self, user: Id<User>, at: Timestamp) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes at most `limit` sessions that expired before this time: says how many.
    fn delete_expired_sessions(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;
}
