//! The passwords that attackers try first.

use std::{collections::HashSet, sync::LazyLock};

/// One password a line, in lower case; none shorter than eight characters, which no policy allows.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Whether the folded password is a common one.
pub(super) fn contains(folded: &str) -> bool {
    COMMON.contains(folded)
}
