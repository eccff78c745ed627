//! Members that may be absent.

use serde::{Deserialize, Deserializer};

/// Reads a member that is there. Its absence is the default, `None`; `null` stands for a value only
/// where `T` has one for it, so that `Option<Option<_>>` tells the two apart.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
