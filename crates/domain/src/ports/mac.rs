//! The port to message authentication codes.

/// The purpose of a MAC. Each purpose has its own key, so that a MAC for one purpose is invalid for any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Refresh tokens.
    RefreshToken,
    /// The cursors of lists.
    Cursor,
    /// The setup token.
    Setup,
    /// The fingerprint that identifies the secret key in the database.
    KeyFingerprint,
    /// The account and network of failed sign-ins.
    FailedSignIns,
    /// Email addresses without an account, in audit events.
    UnknownAddress,
    /// The subjects of rate limits.
    RateLimit,
    /// One-time tokens in emailed links.
    OneTimeToken,
    /// The bodies of requests with an idempotency key.
    RequestHash,
    /// Tokens of challenges.
    Challenge,
}

impl Purpose {
    /// Every purpose, in the order of declaration.
    pub const ALL: [Self; 10] = [
        Self::RefreshToken,
        Self::Cursor,
        Self::Setup,
        Self::KeyFingerprint,
        Self::FailedSignIns,
        Self::UnknownAddress,
        Self::RateLimit,
        Self::OneTimeToken,
        Self::RequestHash,
        Self::Challenge,
    ];

    /// Returns the label that the key of this purpose is derived from (the `info` of HKDF, RFC 5869). Changing a label
    /// would invalidate everything that was issued under it, so a label never changes.
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
            Self::Challenge => "vestibule/challenge/v1",
        }
    }
}

/// Message authentication codes under keys that are derived from the secret key of the server.
pub trait MacKeys: Send + Sync {
    /// Returns the HMAC-SHA-256 of `parts` under the key for `purpose`. Each part is preceded by its length, so that
    /// different lists of parts never have the same MAC.
    fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32];

    /// Returns whether `mac` is the MAC of `parts`, or at least its first 16 bytes, under the current key or a previous
    /// key that is still accepted. The comparison takes constant time.
    fn verify(&self, purpose: Purpose, parts: &[&[u8]], mac: &[u8]) -> bool;
}
