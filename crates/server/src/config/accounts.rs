//! Who may have an account.

use vestibule_domain::SignUp;

use super::reader::Reader;

/// The settings of accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// Whether people may sign up by themselves.
    pub sign_up: SignUp,
}

impl Accounts {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let words = [("open", SignUp::Open), ("closed", SignUp::Closed)];
        Self {
            sign_up: reader.choice("VESTIBULE_SIGN_UP", SignUp::Open, &words),
        }
    }
}
