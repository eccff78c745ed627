//! From whom mail goes.

use std::{fmt, str::FromStr};

use lettre::{Address, message::Mailbox};

/// From whom mail goes: an address, or a name and an address in angle brackets (RFC 5322, section 3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub(crate) Mailbox);

impl Sender {
    /// `vestibule` at a host, or at `localhost` when mail addresses cannot name that host.
    #[must_use]
    #[expect(clippy::missing_panics_doc, clippy::expect_used, reason = "localhost is a domain")]
    pub fn at(host: &str) -> Self {
        let address = Address::new("vestibule", host).or_else(|_| Address::new("vestibule", "localhost"));
        Self(Mailbox::new(None, address.expect("localhost is a domain")))
    }
}

/// It is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address to send mail from")]
pub struct ParseSenderError;

impl FromStr for Sender {
    type Err = ParseSenderError;

    fn from_str(text: &str) -> Result<Self, ParseSenderError> {
        text.parse().map(Self).map_err(|_| ParseSenderError)
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_a_sender() {
        for (host, sender) in [
            ("accounts.example.com", "vestibule@accounts.example.com"),
            ("192.0.2.7", "vestibule@192.0.2.7"),
            ("[2001:db8::7]", "vestibule@[2001:db8::7]"),
            ("no host", "vestibule@localhost"),
        ] {
            assert_eq!(Sender::at(host).to_string(), sender);
        }
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for text in [
            "ada@example.com",
            "Ada Lovelace <ada@example.com>",
            "vestibule@localhost",
        ] {
            let sender: Sender = text.parse().expect(text);
            assert_eq!(sender.to_string().replace('"', ""), text);
        }
        for text in [
            "",
            "ada",
            "ada@",
            "<ada@example.com",
            "ada@example.com, grace@example.com",
        ] {
            assert_eq!(text.parse::<Sender>(), Err(ParseSenderError), "{text}");
        }
    }
}
