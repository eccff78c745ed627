//! Requests that verify a password.

use std::{
    future::{Future, pending},
    panic::resume_unwind,
};

use actix_web::rt;
use tracing::Instrument;
use vestibule_domain::PasswordAttempt;

/// Runs a use case that verifies a password to its end, even when the client disconnects: otherwise a correct
/// password would consume quota for good, and a wrong one would leave no audit event. The use case learns of
/// the disconnection from its attempt.
pub(crate) async fn run_attempt<F>(password: &str, use_case: impl FnOnce(PasswordAttempt) -> F) -> F::Output
where
    F: Future<Output: 'static> + 'static,
{
    // Dropped with this future, when the client disconnects.
    let (attempt, _client) = PasswordAttempt::of_client(password);
    match rt::spawn(use_case(attempt).in_current_span()).await {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down, and this future with it.
            Err(_) => pending().await,
        },
    }
}
