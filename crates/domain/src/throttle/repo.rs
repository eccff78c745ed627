//! The port to the turns that all instances share.

use crate::{
    StoreResult, Timestamp,
    throttle::{Rule, TooMany},
};

/// Whose turns: a keyed digest, so that nothing can be read from it.
pub type TurnKey = [u8; 32];

/// Stored turns.
pub trait ThrottleRepo {
    /// When all turns will be there again; `None` when that is so already.
    fn find_clear_at(&self, key: &TurnKey) -> impl Future<Output = StoreResult<Option<Timestamp>>> + Send;

    /// Takes a turn. Of any number of simultaneous calls no more get one than there are.
    fn take_turn(
        &mut self,
        key: &TurnKey,
        rule: &Rule,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<Result<(), TooMany>>> + Send;

    /// Gives a turn back.
    fn give_back_turn(&mut self, key: &TurnKey, rule: &Rule) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes at most `limit` rows that say nothing any more at this time: says how many.
    fn delete_turns(&mut self, at: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;
}
