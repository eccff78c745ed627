//! The port to stored one-time tokens.

use crate::{
    Id, StoreResult, Timestamp,
    user::User,
    verification::{OneTimeToken, TokenPurpose},
};

/// Stored one-time tokens.
pub trait VerificationRepo {
    /// A token.
    fn find_one_time_token(
        &self,
        id: Id<OneTimeToken>,
    ) -> impl Future<Output = StoreResult<Option<OneTimeToken>>> + Send;

    /// The token that a user has for a purpose.
    fn find_token_of(
        &self,
        user: Id<User>,
        purpose: TokenPurpose,
    ) -> impl Future<Output = StoreResult<Option<OneTimeToken>>> + Send;

    /// Adds a token in place of the one that its user has for the purpose.
    fn replace_one_time_token(&mut self, token: &OneTimeToken) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes a token that is good at this time: says whether it was there. Of any number of simultaneous
    /// calls one says `true`.
    fn consume_one_time_token(
        &mut self,
        id: Id<OneTimeToken>,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Removes the tokens of a user, for one purpose or for all: says how many.
    fn delete_one_time_tokens(
        &mut self,
        user: Id<User>,
        purpose: Option<TokenPurpose>,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes the tokens of all users: returns how many.
    fn delete_all_one_time_tokens(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes at most `limit` tokens that expired before this time: says how many.
    fn delete_expired_tokens(&mut self, before: Timestamp, limit: u32)
    -> impl Future<Output = StoreResult<u64>> + Send;
}
