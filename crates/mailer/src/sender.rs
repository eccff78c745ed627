//! From whom mail goes.

use std::{fmt, str::FromStr};

use lettre::{Address, message::Mailbox};

use crate::address;

/// From whom mail goes: an address, or a name and an address in angle brackets (RFC 5322, section 3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub(crate) Mailbox);

impl Sender {
    /// `vestibule` at a host, or at `localhost` when mail addresses cannot name that host.
    #[must_use]
    pub fn at(host: &str) -> Self {
        let address = address::with_domain("vestibule", host);
        let address = address.unwrap_or_else(|| Address::new_dangerous("vestibule", "localhost"));
        Self(Mailbox::new(None, address))
    }
}

/// It is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address to send mail from")]
pub struct ParseSenderError;

impl FromStr for Sender {
    type Err = ParseSenderError;

    fn from_str(text: &str) -> Result<Self, ParseSenderError> {
        let mailbox: Mailbox = text.parse().map_err(|_| ParseSenderError)?;
        let (local, domain) = (mailbox.email.user(), mailbox.email.domain());
        // Servers without SMTPUTF8 take no other form, and it is also in `Message-ID`.
        let address = address::with_domain(local, domain).ok_or(ParseSenderError)?;
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
    fn a_host_has_a_sender() {
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
    fn a_sender_is_an_address_with_or_without_a_name() {
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
