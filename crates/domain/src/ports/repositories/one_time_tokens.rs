//! The repository of one-time tokens.

use crate::{
    model::{Id, OneTimeToken, Timestamp, TokenPurpose, User},
    ports::StoreResult,
};

/// Stored one-time tokens.
pub trait OneTimeTokenRepo {
    /// Finds a token.
    fn find_one_time_token(
        &self,
        id: Id<OneTimeToken>,
    ) -> impl Future<Output = StoreResult<Option<OneTimeToken>>> + Send;

    /// Finds a token with this purpose.
    fn find_token_for(
        &self,
        id: Id<OneTimeToken>,
        purpose: TokenPurpose,
    ) -> impl Future<Output = StoreResult<Option<OneTimeToken>>> + Send;

    /// Finds a user's pending new email address, as it was typed, and the time when the link to confirm it expires.
    fn find_pending_email(
        &self,
        user: Id<User>,
    ) -> impl Future<Output = StoreResult<Option<(String, Timestamp)>>> + Send;

    /// Inserts a token. Replaces the token that the user has for the same purpose.
    fn replace_one_time_token(&mut self, token: &OneTimeToken) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes a token that is valid at this time. Returns whether it existed; of any number of concurrent calls, one
    /// returns `true`.
    fn consume_one_time_token(
        &mut self,
        id: Id<OneTimeToken>,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Deletes the tokens of a user, for one purpose or for all. Returns how many were deleted.
    fn delete_one_time_tokens(
        &mut self,
        user: Id<User>,
        purpose: Option<TokenPurpose>,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes the tokens of all users. Returns how many were deleted.
    fn delete_all_one_time_tokens(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes at most `limit` tokens that expired before this time. Returns how many were deleted.
    fn delete_expired_tokens(&mut self, before: Timestamp, limit: u32)
    -> impl Future<Output = StoreResult<u64>> + Send;
}
