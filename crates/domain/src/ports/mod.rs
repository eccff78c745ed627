//! Ports to the outside world, which other crates implement.

mod access_tokens;
mod clock;
mod factor_crypto;
mod mac;
mod mailer;
mod passkeys;
mod password_hasher;
mod repositories;
mod rng;
mod store;

pub use access_tokens::{AccessTokens, TokenError};
pub use clock::{Clock, SystemClock};
pub use factor_crypto::{FactorCrypto, OpenedSecret};
pub use mac::{MacKeys, Purpose};
pub use mailer::{EmailMessage, Mailer, SendError};
pub use passkeys::{PasskeyError, Passkeys};
pub use password_hasher::{HashError, PasswordCheck, PasswordHasher, PasswordMeter, Strength};
pub use repositories::*;
pub use rng::Rng;
pub use store::{BoxError, BoxFuture, Commit, Store, StoreError, StoreResult, UniqueKey};
