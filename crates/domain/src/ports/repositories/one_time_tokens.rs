//! The repository of one-time tokens.

use crate::{
    model::{Id, OneTimeToken, Timestamp, TokenPurpose, User},
    ports::StoreResult,
};

/// Stored one-time tokens.
pub trait OneTimeTokenRepo {
    /// A token.
    fn find_one_time_token(
        &self,
        id: Id<OneTimeToken>,
    ) -> impl Future<Output = StoreResult<Option<OneTimeToken>>> + Send;

    /// A token, if it has this purpose.
    fn find_token_for(
        &self,
        id: Id<OneTimeToken>,
        purpose: TokenPurpose,
    ) -> impl Future<Output = StoreResult<Option<OneTimeToken>>> + Send;

    /// The address that a user has asked to change to, as it was typed, and until when it can be confirmed.
    fn find_pending_email(
        &self,
        user: Id<User>,
    ) -> impl Future<Output = StoreResult<Option<(String, Timestamp)>>> + Send;

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
