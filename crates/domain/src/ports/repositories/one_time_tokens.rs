//! The repository of one-time tokens.

use crate::{
    model::{Id, OneTimeToken, Timestamp, TokenPurpose, User},
    ports::StoreResult,
};

/// Stored one-time tokens.
#[trait_variant::make(Send)]
pub trait OneTimeTokenRepo {
    /// Finds a token.
    async fn find_one_time_token(&self, id: Id<OneTimeToken>) -> StoreResult<Option<OneTimeToken>>;

    /// Finds a token with this purpose.
    async fn find_token_for(&self, id: Id<OneTimeToken>, purpose: TokenPurpose) -> StoreResult<Option<OneTimeToken>>;

    /// Finds a user's pending new email address, as it was typed, and the time when the link to confirm it expires.
    async fn find_pending_email(&self, user: Id<User>) -> StoreResult<Option<(String, Timestamp)>>;

    /// Inserts a token. Replaces the token that the user has for the same purpose.
    async fn replace_one_time_token(&mut self, token: &OneTimeToken) -> StoreResult<()>;

    /// Deletes a token that is valid at this time. Returns whether it existed; of any number of concurrent calls, one
    /// returns `true`.
    async fn consume_one_time_token(&mut self, id: Id<OneTimeToken>, at: Timestamp) -> StoreResult<bool>;

    /// Deletes the tokens of a user, for one purpose or for all. Returns how many were deleted.
    async fn delete_one_time_tokens(&mut self, user: Id<User>, purpose: Option<TokenPurpose>) -> StoreResult<u64>;

    /// Deletes the tokens of all users. Returns how many were deleted.
    async fn delete_all_one_time_tokens(&mut self) -> StoreResult<u64>;

    /// Deletes at most `limit` tokens that expired before this time. Returns how many were deleted.
    async fn delete_expired_tokens(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;
}
