//! Managing second factors.

mod changes;
mod error;
mod passkeys;
mod read;
mod recovery_codes;
mod reset;
mod secret_key;
mod totp;

use crate::model::AuditAction;

pub use error::{
    ConfirmTotpError, InvalidPasskey, LastCredential, NoFactor, PasskeyRegistered, RecoveryCodesError,
    RegisterPasskeyError, RemoveFactorError, RequestPasskeyError, TooManyPasskeys, TotpEnabled, TotpError,
    WrongTotpCode,
};
pub use passkeys::{
    AddedPasskey, NewPasskey, NewPasskeyRequest, add_passkey, remove_passkey, rename_passkey, request_new_passkey,
};
pub use read::{get, get_own};
pub use recovery_codes::replace_recovery_codes;
pub use reset::reset;
pub use secret_key::{remove_unreadable_totp, reseal_totp_secrets};
pub use totp::{NewTotp, confirm_totp, create_totp, remove_totp};

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[
    totp::TOTP_ENABLED,
    totp::TOTP_DISABLED,
    passkeys::PASSKEY_ADDED,
    passkeys::PASSKEY_RENAMED,
    passkeys::PASSKEY_REMOVED,
    recovery_codes::RECOVERY_CODES_GENERATED,
    reset::FACTORS_RESET,
];
