//! Second factors of users, and the methods by which a user proves who they are.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::model::{Passkey, RoleName, Secret, Timestamp, names::closed_names};

closed_names! {
    /// A method by which a user proves who they are.
    pub enum ProofMethod {
        /// The password.
        Password = "password",
        /// A code of an authenticator app.
        Totp = "totp",
        /// A passkey.
        Passkey = "passkey",
        /// A recovery code.
        RecoveryCode = "recovery_code",
    }
}

closed_names! {
    /// An authentication method in the claim `amr` of an access token (RFC 8176).
    #[derive(PartialOrd, Ord)]
    pub enum AuthMethod {
        /// A password.
        Password = "pwd",
        /// A one-time code: of an authenticator app, or a recovery code.
        OneTimeCode = "otp",
        /// A key that cannot leave its authenticator.
        HardwareKey = "hwk",
        /// A key that is synchronized between devices.
        SoftwareKey = "swk",
        /// More than one factor.
        MultiFactor = "mfa",
    }
}

/// The authentication methods of a session. The stored form is their names, separated by spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthMethods(BTreeSet<AuthMethod>);

impl AuthMethods {
    /// Returns the names, in the order of declaration.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|method| method.as_str())
    }

    /// Returns the methods of both sets. A password and a code or a key are more than one factor.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut methods: BTreeSet<_> = self.0.union(&other.0).copied().collect();
        let possession = [
            AuthMethod::OneTimeCode,
            AuthMethod::HardwareKey,
            AuthMethod::SoftwareKey,
        ];
        if methods.contains(&AuthMethod::Password) && possession.iter().any(|method| methods.contains(method)) {
            methods.insert(AuthMethod::MultiFactor);
        }
        Self(methods)
    }

    /// Returns the methods with these names. Ignores names that this version does not know.
    #[must_use]
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(AuthMethod::from_name).collect()
    }

    /// Converts the stored form.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self::from_names(text.split(' '))
    }

    /// Returns the stored form.
    #[must_use]
    pub fn to_stored(&self) -> String {
        self.names().collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<AuthMethod> for AuthMethods {
    fn from_iter<I: IntoIterator<Item = AuthMethod>>(methods: I) -> Self {
        Self(methods.into_iter().collect())
    }
}

/// The last proof of identity is too old.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the user must prove who they are again")]
pub struct StepUpRequired {
    /// The methods by which the user can do so.
    pub methods: Vec<ProofMethod>,
    /// The time for which a proof suffices.
    pub max_age: TimeDelta,
}

/// The factors of a user, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factors {
    /// The time when the password was set; `None` without a password.
    pub password_changed_at: Option<Timestamp>,
    /// The time when the authenticator app was confirmed; `None` without one.
    pub totp_confirmed_at: Option<Timestamp>,
    /// The number of unused recovery codes; `None` without a second factor.
    pub recovery_codes: Option<usize>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// The names of the user's roles that require a second factor, sorted.
    pub required_by: Vec<RoleName>,
}

/// An authenticator app of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpFactor {
    /// The encrypted secret.
    pub sealed_secret: Vec<u8>,
    /// The time when the secret was generated.
    pub created_at: Timestamp,
    /// The time when the user confirmed it; `None` while it is not in use.
    pub confirmed_at: Option<Timestamp>,
    /// The time step of the last code that was accepted.
    pub last_step: Option<u64>,
}

/// The digest of a recovery code.
pub type RecoveryCodeDigest = [u8; 32];

/// A recovery code as it is shown to the user once: four groups of seven characters, which have 140 random bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCode(Secret<String>);

/// The number of recovery codes that are generated together.
pub const RECOVERY_CODES: usize = 10;

impl RecoveryCode {
    /// The characters of a code: 32, without those that are easily confused.
    const ALPHABET: &'static [u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

    /// The number of characters without the hyphens.
    pub const CHARACTERS: usize = 28;

    /// Converts random bytes to a code. Each gives five bits.
    #[must_use]
    pub fn from_random(bytes: &[u8; Self::CHARACTERS]) -> Self {
        let characters: Vec<char> = bytes
            .iter()
            .map(|byte| char::from(Self::ALPHABET[usize::from(byte % 32)]))
            .collect();
        let groups: Vec<String> = characters.chunks(7).map(String::from_iter).collect();
        Self(Secret::new(groups.join("-")))
    }

    /// Returns the text.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Returns the form whose digest is stored: lower case, without hyphens and blanks.
    #[must_use]
    pub fn normalize(text: &str) -> Secret<String> {
        let characters = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        Secret::new(characters.flat_map(char::to_lowercase).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_code_has_four_groups_and_ignores_case_and_hyphens() {
        let mut bytes = [0; 28];
        for (byte, value) in bytes.iter_mut().zip(0..) {
            *byte = value;
        }
        bytes[27] = 255;
        let code = RecoveryCode::from_random(&bytes);
        assert_eq!(code.expose(), "abcdefg-hjkmnpq-rstuvwx-yz02349");
        let normalized = RecoveryCode::normalize(code.expose());
        assert_eq!(RecoveryCode::normalize(" ABCDEFG HJKMNPQrstuvwx-yz02349\n"), normalized);
        assert_ne!(RecoveryCode::normalize("abcdefg-hjkmnpq-rstuvwx-yz02348"), normalized);
    }

    #[test]
    fn password_and_code_are_more_than_one_factor() {
        let methods = AuthMethods::from_names(["pwd"]).union(&AuthMethods::from_names(["otp"]));
        assert_eq!(methods.to_stored(), "pwd otp mfa");
        let codes = AuthMethods::from_names(["otp"]);
        assert_eq!(codes.union(&codes).to_stored(), "otp");
    }

    #[test]
    fn stored_methods_keep_their_order_and_ignore_unknown_names() {
        let methods: AuthMethods = [AuthMethod::MultiFactor, AuthMethod::Password].into_iter().collect();
        assert_eq!(methods.to_stored(), "pwd mfa");
        assert_eq!(AuthMethods::from_stored("mfa telepathy pwd"), methods);
        assert_eq!(AuthMethods::from_stored(""), AuthMethods::default());
    }
}
