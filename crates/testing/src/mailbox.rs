//! A mailer that collects the emails of a test.

use std::sync::{Mutex, PoisonError};

use vestibule_domain::{BoxFuture, EmailMessage, Mailer, SendError};

/// A mailer that collects emails, or fails with a given error.
#[derive(Default)]
pub struct Mailbox {
    emails: Mutex<Vec<EmailMessage>>,
    error: Mutex<Option<SendError>>,
}

impl Mailbox {
    /// Removes and returns the collected emails.
    pub fn take(&self) -> Vec<EmailMessage> {
        std::mem::take(&mut *self.emails.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets the error with which sending fails from now on, or lets it succeed again.
    pub fn fail_with(&self, error: Option<SendError>) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }
}

impl Mailer for Mailbox {
    fn send<'a>(&'a self, email: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>> {
        let error = self.error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if error.is_none() {
            let mut emails = self.emails.lock().unwrap_or_else(PoisonError::into_inner);
            emails.push(email.clone());
        }
        Box::pin(async move { error.map_or(Ok(()), Err) })
    }
}
