//! Randomness as an input.

/// A source of random bytes that nobody can predict.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);
}
