//! Requests that verify a password.

use std::{
    future::{Future, pending},
    panic::resume_unwind,
};

use actix_web::rt;
use tracing::Instrument;
use vestibule_domain::PasswordAttempt;

/// Runs a use case that verifies a password to completion, even if the client disconnects. Otherwise a correct
/// password would never refund its quota, and an incorrect one would write no audit event. The use case
/// detects the disconnection through its [`PasswordAttempt`].
pub(crate) async fn run_attempt<F>(password: &str, use_case: impl FnOnce(PasswordAttempt) -> F) -> F::Output
where
    F: Future<Output: 'static> + 'static,
{
    // The guard is dropped together with this future when the client disconnects.
    let (attempt, _client) = PasswordAttempt::of_client(password);
    match rt::spawn(use_case(attempt).in_current_span()).await {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down and will drop this future.
            Err(_) => pending().await,
        },
    }
}

/// Runs a use case that verifies a password if one is given, as [`run_attempt`] does.
pub(crate) async fn run_optional_attempt<F>(
    password: Option<&str>,
    use_case: impl FnOnce(Option<PasswordAttempt>) -> F,
) -> F::Output
where
    F: Future<Output: 'static> + 'static,
{
    match password {
        Some(password) => run_attempt(password, |password| use_case(Some(password))).await,
        None => use_case(None).await,
    }
}
