//! Where mail arrives in tests.

use std::sync::{Mutex, PoisonError};

use vestibule_domain::{BoxFuture, EmailMessage, Mailer, SendError};

/// Keeps the letters that were sent, or refuses them as it was told.
#[derive(Default)]
pub struct Mailbox {
    letters: Mutex<Vec<EmailMessage>>,
    refusal: Mutex<Option<SendError>>,
}

impl Mailbox {
    /// Takes out what has arrived.
    pub fn empty(&self) -> Vec<EmailMessage> {
        std::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refuses every letter from now on, or none.
    pub fn refuse(&self, refusal: Option<SendError>) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = refusal;
    }
}

impl Mailer for Mailbox {
    fn send<'a>(&'a self, letter: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>> {
        let refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if refusal.is_none() {
            let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
            letters.push(letter.clone());
        }
        Box::pin(async move { refusal.map_or(Ok(()), Err) })
    }
}
