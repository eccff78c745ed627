//! The port to what tells how easily a password is guessed.

/// Tells how easily passwords are guessed.
pub trait PasswordMeter: Send + Sync {
    /// Measures a password; `about` is what is known of its owner.
    fn measure(&self, password: &str, about: &[&str]) -> Strength;
}

/// How easily a password is guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// From 0, too guessable, to 4, very unguessable.
    pub score: u8,
    /// What is wrong with it or would make it better: a sentence without its full stop.
    pub advice: String,
}
