//! Time-based one-time codes of authenticator apps (RFC 6238), with SHA-1, six digits and steps of 30 seconds, which
//! every app supports.

use data_encoding::BASE32_NOPAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{Secret, Timestamp};

/// The secret that an authenticator app shares with the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpSecret(Secret<Vec<u8>>);

/// The text is not the secret of an authenticator app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 10 to 64 bytes in Base32 (RFC 4648)")]
pub struct ParseTotpSecretError;

/// The text is not the URI of an authenticator app that this server supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseTotpUriError {
    /// It is not such a URI, or has no valid secret.
    #[error("must be an otpauth://totp/ URI with a secret")]
    Malformed,
    /// It has another algorithm, number of digits or period.
    #[error("must have the algorithm SHA1, 6 digits and a period of 30 seconds")]
    Unsupported,
}

impl TotpSecret {
    /// The number of bytes of a new secret: 160 bits, as RFC 4226 recommends.
    pub const NEW_BYTES: usize = 20;

    /// Wraps the bytes of a secret.
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(Secret::new(bytes))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.expose()
    }

    /// Parses a secret that another program generated. Ignores case, blanks, hyphens and padding.
    ///
    /// # Errors
    /// [`ParseTotpSecretError`].
    pub fn parse(text: &str) -> Result<Self, ParseTotpSecretError> {
        let characters = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'='));
        let text: Vec<u8> = characters.map(|byte| byte.to_ascii_uppercase()).collect();
        let bytes = BASE32_NOPAD.decode(&text).map_err(|_| ParseTotpSecretError)?;
        if (10..=64).contains(&bytes.len()) {
            Ok(Self::new(bytes))
        } else {
            Err(ParseTotpSecretError)
        }
    }

    /// Parses the URI of a QR code, which must have the parameters that this server uses.
    ///
    /// # Errors
    /// [`ParseTotpUriError`].
    pub fn parse_uri(uri: &str) -> Result<Self, ParseTotpUriError> {
        let (_, query) = uri
            .split_once('?')
            .filter(|_| uri.starts_with("otpauth://totp/"))
            .ok_or(ParseTotpUriError::Malformed)?;
        let mut secret = None;
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "secret" => secret = Some(Self::parse(&value.replace("%3D", "="))),
                "algorithm" if !value.eq_ignore_ascii_case("SHA1") => return Err(ParseTotpUriError::Unsupported),
                "digits" if value != "6" => return Err(ParseTotpUriError::Unsupported),
                "period" if value != "30" => return Err(ParseTotpUriError::Unsupported),
                _ => {}
            }
        }
        secret.and_then(Result::ok).ok_or(ParseTotpUriError::Malformed)
    }

    /// Returns the secret in Base32 without padding, as users type it into an app.
    #[must_use]
    pub fn to_base32(&self) -> Secret<String> {
        Secret::new(BASE32_NOPAD.encode(self.expose()))
    }

    /// Returns the URI of a QR code, which an app shows under the names of the issuer and the account.
    #[must_use]
    pub fn to_uri(&self, issuer: &str, account: &str) -> Secret<String> {
        /// The characters of a URI that need no encoding (RFC 3986, section 2.3).
        const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
        let encode = |text| utf8_percent_encode(text, RESERVED);
        Secret::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            issuer = encode(issuer),
            account = encode(account),
            secret = self.to_base32().expose(),
        ))
    }
}

/// The number of a step of 30 seconds since 1970.
pub type TotpStep = u64;

/// A code of an authenticator app: six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotpCode(u32);

impl TotpCode {
    /// Parses a code as it was typed. Ignores blanks between the digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| digits.parse().ok().map(Self)).flatten()
    }

    /// Derives the code from the HMAC-SHA-1 of the step (RFC 4226, section 5.3).
    #[must_use]
    pub fn from_mac(mac: &[u8; 20]) -> Self {
        let offset = usize::from(mac[19] & 0xf);
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&mac[offset..offset + 4]);
        Self((u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000)
    }

    /// Returns the steps whose codes are accepted at this time: the current one, one before and one after it.
    #[must_use]
    pub fn accepted_steps(at: Timestamp) -> [TotpStep; 3] {
        let current = at.timestamp().unsigned_abs() / 30;
        [current.saturating_sub(1), current, current + 1]
    }
}

impl std::fmt::Display for TotpCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_parsed_as_people_type_it() {
        let secret = TotpSecret::new(b"12345678901234567890".to_vec());
        assert_eq!(secret.to_base32().expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            TotpSecret::parse("gezd gnbv gy3t qojq gezd-gnbv-gy3t-qojq===="),
            Ok(secret)
        );
        for invalid in ["", "GEZDGNBV", "GEZDGNBVGY3TQOJ0", &"A".repeat(200)] {
            assert_eq!(TotpSecret::parse(invalid), Err(ParseTotpSecretError), "{invalid}");
        }
    }

    #[test]
    fn uri_encodes_issuer_and_account() {
        let uri = TotpSecret::new(b"1234567890".to_vec()).to_uri("Ünit & Co", "a+b@example.com");
        assert_eq!(
            uri.expose(),
            "otpauth://totp/%C3%9Cnit%20%26%20Co:a%2Bb%40example.com?secret=GEZDGNBVGY3TQOJQ\
             &issuer=%C3%9Cnit%20%26%20Co&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn uri_must_have_the_usual_parameters() {
        let secret = TotpSecret::new(b"1234567890".to_vec());
        assert_eq!(
            TotpSecret::parse_uri(secret.to_uri("a", "b").expose()),
            Ok(secret.clone())
        );
        assert_eq!(
            TotpSecret::parse_uri("otpauth://totp/b?secret=GEZDGNBVGY3TQOJQ"),
            Ok(secret)
        );
        for (uri, error) in [
            (
                "otpauth://totp/b?secret=GEZDGNBVGY3TQOJQ&digits=8",
                ParseTotpUriError::Unsupported,
            ),
            (
                "otpauth://totp/b?secret=GEZDGNBVGY3TQOJQ&algorithm=SHA256",
                ParseTotpUriError::Unsupported,
            ),
            (
                "otpauth://totp/b?secret=GEZDGNBVGY3TQOJQ&period=60",
                ParseTotpUriError::Unsupported,
            ),
            ("otpauth://hotp/b?secret=GEZDGNBVGY3TQOJQ", ParseTotpUriError::Malformed),
            ("otpauth://totp/b", ParseTotpUriError::Malformed),
        ] {
            assert_eq!(TotpSecret::parse_uri(uri), Err(error), "{uri}");
        }
    }

    #[test]
    fn code_is_six_digits() {
        assert_eq!(
            TotpCode::parse(" 005 924 ").map(|code| code.to_string()),
            Some("005924".to_owned())
        );
        for invalid in ["", "12345", "1234567", "12345a", "+12345", "١٢٣٤٥٦"] {
            assert_eq!(TotpCode::parse(invalid), None, "{invalid}");
        }
    }

    /// The example of RFC 4226, section 5.4.
    #[test]
    fn code_is_truncated_from_mac() {
        let mac = [
            0x1f, 0x86, 0x98, 0x69, 0x0e, 0x02, 0xca, 0x16, 0x61, 0x85, 0x50, 0xef, 0x7f, 0x19, 0xda, 0x8e, 0x94, 0x5b,
            0x55, 0x5a,
        ];
        assert_eq!(TotpCode::from_mac(&mac), TotpCode(872_921));
    }
}
