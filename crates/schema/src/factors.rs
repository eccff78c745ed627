//! Second factors.

use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{Factors, Id, RecoveryCode, User, factors::NewTotp};

use crate::{PasskeyResponse, RequestErrors, name::RoleNameForm, passkey_options::user_handle, passkeys::expose, time};

/// The factors of a user.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Factors, example = json!({
    "password": { "set": true, "changed_at": "2026-11-24T09:00:00.000000Z" },
    "totp": { "confirmed_at": "2026-11-24T09:00:00.000000Z" },
    "recovery_codes": { "remaining": 10 },
    "passkeys": [],
    "required_by": ["admin"],
    "rp_id": "localhost",
    "user_handle": "AZM7HnwAcACAAAAAAAAAAQ"
}))]
pub struct FactorsResponse {
    /// The password.
    pub password: PasswordFactor,
    /// The authenticator app; `null` without one.
    #[schema(required)]
    pub totp: Option<TotpFactor>,
    /// The recovery codes; `null` without a second factor.
    #[schema(required)]
    pub recovery_codes: Option<RecoveryCodes>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyResponse>,
    /// The names of the user's roles that require a second factor, sorted.
    #[schema(value_type = Vec<RoleNameForm>)]
    pub required_by: Vec<String>,
    /// The identifier of the relying party of passkeys; `null` if passkeys are not available.
    #[schema(required)]
    pub rp_id: Option<String>,
    /// The user handle of passkeys, in base64url.
    pub user_handle: String,
}

/// The password of a user.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "set": true, "changed_at": "2026-11-24T09:00:00.000000Z" }))]
pub struct PasswordFactor {
    /// True if the user has a password.
    pub set: bool,
    /// The time when it was set; `null` without one.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub changed_at: Option<DateTime<Utc>>,
}

/// An authenticator app.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "confirmed_at": "2026-11-24T09:00:00.000000Z" }))]
pub struct TotpFactor {
    /// The time when it was confirmed.
    #[serde(serialize_with = "time::serialize")]
    pub confirmed_at: DateTime<Utc>,
}

/// The recovery codes of a user.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "remaining": 10 }))]
pub struct RecoveryCodes {
    /// The number of unused codes.
    pub remaining: usize,
}

impl FactorsResponse {
    /// Creates the view of the factors of a user.
    #[must_use]
    pub fn new(user: Id<User>, factors: Factors, rp_id: Option<&str>) -> Self {
        let Factors {
            password_changed_at,
            totp_confirmed_at,
            recovery_codes,
            passkeys,
            required_by,
        } = factors;
        Self {
            password: PasswordFactor {
                set: password_changed_at.is_some(),
                changed_at: password_changed_at,
            },
            totp: totp_confirmed_at.map(|confirmed_at| TotpFactor { confirmed_at }),
            recovery_codes: recovery_codes.map(|remaining| RecoveryCodes { remaining }),
            passkeys: passkeys.into_iter().map(PasskeyResponse::from).collect(),
            required_by: required_by.iter().map(ToString::to_string).collect(),
            rp_id: rp_id.map(str::to_owned),
            user_handle: user_handle(user),
        }
    }
}

/// The secret of a new authenticator app, which is never shown again: SHA-1, six digits, steps of 30 seconds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = NewTotp, example = json!({
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "otpauth_uri": "otpauth://totp/localhost:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=localhost&algorithm=SHA1&digits=6&period=30",
    "expires_in": 600
}))]
pub struct NewTotpResponse {
    /// The secret in Base32 without padding (RFC 4648), to type it in.
    pub secret: String,
    /// The URI to show as a QR code.
    #[schema(format = "uri")]
    pub otpauth_uri: String,
    /// The time in which a code must confirm it, in seconds.
    pub expires_in: i64,
}

impl From<NewTotp> for NewTotpResponse {
    fn from(totp: NewTotp) -> Self {
        Self {
            secret: totp.secret.expose().clone(),
            otpauth_uri: totp.uri.expose().clone(),
            expires_in: totp.expires_in.num_seconds(),
        }
    }
}

/// The confirmation of an authenticator app.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "123456" }))]
pub struct ConfirmTotpRequest {
    /// A code of the app.
    pub code: String,
}

/// The result of confirming an authenticator app.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ConfirmedTotp, example = json!({ "recovery_codes": ["abcdefg-hjkmnpq-rstuvwx-yz02349"] }))]
pub struct ConfirmedTotpResponse {
    /// Ten recovery codes with the first factor, otherwise `null`. They are never shown again.
    #[schema(required)]
    pub recovery_codes: Option<Vec<String>>,
}

impl From<Option<Vec<RecoveryCode>>> for ConfirmedTotpResponse {
    fn from(codes: Option<Vec<RecoveryCode>>) -> Self {
        Self {
            recovery_codes: codes.as_deref().map(expose),
        }
    }
}

/// New recovery codes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = NewRecoveryCodes, example = json!({ "recovery_codes": ["abcdefg-hjkmnpq-rstuvwx-yz02349"] }))]
pub struct RecoveryCodesResponse {
    /// Ten recovery codes. They are never shown again.
    pub recovery_codes: Vec<String>,
}

impl From<Vec<RecoveryCode>> for RecoveryCodesResponse {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        Self {
            recovery_codes: expose(&codes),
        }
    }
}
