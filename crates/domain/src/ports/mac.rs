//! The port to message authentication codes.

/// What a digest is for. Each purpose has a key of its own, so that a digest made for one is worth
/// nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Refresh tokens.
    RefreshToken,
    /// The cursors of lists.
    Cursor,
    /// The setup token.
    Setup,
    /// What the database knows the server's key by.
    KeyFingerprint,
    /// What refused sign-ins are told apart by.
    FailedSignIns,
    /// An address that nobody has, in audit events.
    UnknownAddress,
    /// Whose turns to try a password are counted.
    RateLimit,
    /// The tokens in links that are mailed.
    OneTimeToken,
    /// Whether two requests are the same.
    RequestHash,
}

impl Purpose {
    /// Every purpose, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::RefreshToken,
        Self::Cursor,
        Self::Setup,
        Self::KeyFingerprint,
        Self::FailedSignIns,
        Self::UnknownAddress,
        Self::RateLimit,
        Self::OneTimeToken,
        Self::RequestHash,
    ];

    /// The label from which the key of this purpose is derived (RFC 5869, the `info` of HKDF). It must
    /// never change: changing it invalidates everything that was handed out under it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::RefreshToken => "vestibule/refresh-token/v1",
            Self::Cursor => "vestibule/cursor/v1",
            Self::Setup => "vestibule/setup/v1",
            Self::KeyFingerprint => "vestibule/key-fingerprint/v1",
            Self::FailedSignIns => "vestibule/refusals/v1",
            Self::UnknownAddress => "vestibule/unknown-address/v1",
            Self::RateLimit => "vestibule/turns/v1",
            Self::OneTimeToken => "vestibule/one-time-token/v1",
            Self::RequestHash => "vestibule/fingerprint/v1",
        }
    }
}

/// Digests under keys that only this server has.
pub trait MacKeys: Send + Sync {
    /// The HMAC-SHA-256 of `parts` under the key for `purpose`. Each part is preceded by its length, so
    /// that no two different lists of parts give the same input.
    fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32];

    /// Whether `mac` is such a digest, or the first 16 bytes or more of one, under the current key or
    /// one that is still accepted. The time that it takes tells nothing about the right digest.
    fn verify(&self, purpose: Purpose, parts: &[&[u8]], mac: &[u8]) -> bool;
}
