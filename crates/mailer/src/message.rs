//! Letters as messages of RFC 5322.

use std::time::SystemTime;

use lettre::{
    Message,
    message::{Mailbox, MultiPart, header::HeaderName, header::HeaderValue},
};
use vestibule_domain::{EmailMessage, SendError};

use crate::{address, letter::Words};

/// Returns the message, and where it goes.
pub(crate) fn message(
    letter: &EmailMessage,
    words: Words,
    from: &Mailbox,
) -> Result<(Message, lettre::Address), SendError> {
    let invalid = |error: &dyn std::error::Error| SendError::InvalidAddress(error.to_string());
    let Some(to) = address::wire_form(&letter.to) else {
        return Err(SendError::InvalidAddress(
            "the recipient's address is invalid".to_owned(),
        ));
    };
    let sender = from.email.domain();
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(words.subject)
        .message_id(Some(format!("<{}@{sender}>", letter.id)))
        .date(SystemTime::from(letter.sent_at))
        // RFC 3834: no answers from other programs.
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(words.text, words.html))
        .map_err(|error| invalid(&error))?;
    Ok((message, to))
}
