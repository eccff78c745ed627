//! The sender of all email.

use std::{fmt, str::FromStr};

use lettre::{Address, message::Mailbox};

use crate::address;

/// The sender of all email: an address, or a name and an address in angle brackets (RFC 5322, section 3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub(crate) Mailbox);

impl Sender {
    /// Returns `vestibule` at a host, or at `localhost` if `host` cannot be the domain of an email address.
    #[must_use]
    pub fn at(host: &str) -> Self {
        let address = address::from_parts("vestibule", host);
        let address = address.unwrap_or_else(|| Address::new_dangerous("vestibule", "localhost"));
        Self(Mailbox::new(None, address))
    }
}

/// The error of parsing a [`Sender`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an email address, with or without a name")]
pub struct ParseSenderError;

impl FromStr for Sender {
    type Err = ParseSenderError;

    fn from_str(text: &str) -> Result<Self, ParseSenderError> {
        let mailbox: Mailbox = text.parse().map_err(|_| ParseSenderError)?;
        let (local, domain) = (mailbox.email.user(), mailbox.email.domain());
        // Servers without SMTPUTF8 accept only an ASCII domain, and `Message-ID` contains it too.
        let address = address::from_parts(local, domain).ok_or(ParseSenderError)?;
        Ok(Self(Mailbox::new(mailbox.name, address)))
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
    fn sender_at_host_falls_back_to_localhost() {
        for (host, sender) in [
            ("accounts.example.com", "vestibule@accounts.example.com"),
            ("192.0.2.7", "vestibule@[192.0.2.7]"),
            ("[2001:db8::7]", "vestibule@[IPv6:2001:db8::7]"),
            ("no host", "vestibule@localhost"),
        ] {
            assert_eq!(Sender::at(host).to_string(), sender);
        }
    }

    #[test]
    fn sender_parses_with_and_without_name() {
        for text in [
            "ada@example.com",
            "Ada Lovelace <ada@example.com>",
            "vestibule@localhost",
        ] {
            let sender: Sender = text.parse().expect(text);
            assert_eq!(sender.to_string().replace('"', ""), text);
        }
        let sender: Sender = "Konten <konto@müller.example>".parse().expect("valid");
        assert_eq!(sender.to_string(), "Konten <konto@xn--mller-kva.example>");
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
