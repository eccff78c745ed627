//! The text of each kind of email, and its form on the wire.

use std::time::SystemTime;

use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart, header::HeaderName, header::HeaderValue},
};
use minijinja::{Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig};
use vestibule_domain::{EmailKind, EmailMessage, SendError};

use crate::address;

/// One column, readable in light and dark clients, without images or anything else to load.
const HTML: &str = include_str!("email.html");
const TEXT: &str = include_str!("email.txt");

/// An [`EmailMessage`] rendered as text and HTML.
pub(crate) struct Email {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The text of one kind of email.
struct Content {
    subject: &'static str,
    body: String,
    link: Option<Link>,
    closing: &'static str,
}

/// A link to a page of the web app.
struct Link {
    page: &'static str,
    /// The label of its button.
    label: &'static str,
    lifetime: &'static str,
}

impl Email {
    /// Renders a message of the service at `public_url`. The token of a link is in the fragment of its URL, which
    /// browsers never send, so it appears in no server log. Opening the link does not use up the token.
    pub(crate) fn render(message: &EmailMessage, public_url: &str) -> Result<Self, minijinja::Error> {
        let host = host(public_url);
        let Content {
            subject,
            body,
            link,
            closing,
        } = content(message, host);
        let link = link.zip(message.token.as_ref()).map(|(link, token)| {
            let url = format!("{public_url}/{}#token={token}", link.page);
            context! { url, label => link.label, lifetime => link.lifetime }
        });
        let name = message.name.as_deref();
        let values = context! { subject, name, body, link, closing, host, public_url };
        Ok(Self {
            subject: format!("{subject} ({host})"),
            text: render("email.txt", TEXT, &values)?,
            html: render("email.html", HTML, &values)?,
        })
    }

    /// Returns the email in the format of RFC 5322, and the recipient's address for the envelope.
    pub(crate) fn into_rfc5322(self, message: &EmailMessage, from: &Mailbox) -> Result<(Message, Address), SendError> {
        let Some(to) = address::to_ascii_domain(&message.to) else {
            return Err(SendError::InvalidAddress(
                "the recipient's address is invalid".to_owned(),
            ));
        };
        let auto_submitted = HeaderName::new_from_ascii_str("Auto-Submitted");
        let formatted = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(self.subject)
            .message_id(Some(format!("<{}@{}>", message.id, from.email.domain())))
            .date(SystemTime::from(message.sent_at))
            // Prevents automatic replies, such as vacation responses (RFC 3834).
            .raw_header(HeaderValue::new(auto_submitted, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(self.text, self.html))
            .map_err(|error| SendError::InvalidAddress(error.to_string()))?;
        Ok((formatted, to))
    }
}

/// Renders a template. Values are escaped if its name ends with `.html`.
fn render(name: &str, template: &str, values: &Value) -> Result<String, minijinja::Error> {
    let mut syntax = SyntaxConfig::builder();
    let syntax = syntax.trim_blocks(true).keep_trailing_newline(true).build()?;
    let mut environment = Environment::new();
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.render_named_str(name, template, values)
}

fn content(message: &EmailMessage, host: &str) -> Content {
    let at = message.at.format("%Y-%m-%d %H:%M UTC");
    let note = message.note.as_deref().unwrap_or_default();
    match message.kind {
        EmailKind::VerifyEmail => Content {
            subject: "Verify your email address",
            body: format!("An account at {host} uses this email address. Please confirm that it belongs to you."),
            link: Some(Link {
                page: "verify-email",
                label: "Verify email address",
                lifetime: "24 hours",
            }),
            closing: "If this account isn't yours, you can ignore this email. The address will stay unverified.",
        },
        EmailKind::ResetPassword => Content {
            subject: "Reset your password",
            body: format!("We received a request to reset the password of your {host} account."),
            link: Some(Link {
                page: "reset-password",
                label: "Reset password",
                lifetime: "30 minutes",
            }),
            closing: "If you didn't request this, you can ignore this email. Your password will not change.",
        },
        EmailKind::Invitation => Content {
            subject: "Set up your account",
            body: format!("An account was created for you at {host}. Choose a password to sign in."),
            link: Some(Link {
                page: "reset-password",
                label: "Choose a password",
                lifetime: "24 hours",
            }),
            closing: "If you weren't expecting this, you can ignore this email. Without a password, the account \
                      can't be used.",
        },
        EmailKind::ChangeEmail => Content {
            subject: "Confirm your new email address",
            body: format!("We received a request to use this email address for an account at {host}."),
            link: Some(Link {
                page: "confirm-email-change",
                label: "Confirm email address",
                lifetime: "30 minutes",
            }),
            closing: "If you didn't request this, you can ignore this email. The account will not change.",
        },
        EmailKind::EmailChangeRequested => Content {
            subject: "Your email address is about to change",
            body: format!(
                "On {at}, a new email address was requested for your {host} account. The change takes effect when the \
                 new address is confirmed."
            ),
            link: None,
            closing: "If this wasn't you, sign in, cancel the change, and change your password immediately.",
        },
        EmailKind::EmailChanged => Content {
            subject: "Your email address was changed",
            body: format!(
                "The email address of your {host} account was changed on {at}. You can no longer sign in with this \
                 address."
            ),
            link: None,
            closing: "If this wasn't you, contact an administrator of the service immediately.",
        },
        EmailKind::PasswordChanged => Content {
            subject: "Your password was changed",
            body: format!("The password of your {host} account was changed on {at}."),
            link: None,
            closing: "If this wasn't you, reset your password on the sign-in page immediately.",
        },
        EmailKind::NewDevice => Content {
            subject: "New sign-in to your account",
            body: format!("On {at}, a new device signed in to your {host} account:\n{note}"),
            link: None,
            closing: "If this wasn't you, change your password immediately and sign out your other devices.",
        },
        EmailKind::FactorAdded
        | EmailKind::FactorRemoved
        | EmailKind::FactorsReset
        | EmailKind::RecoveryCodeUsed
        | EmailKind::RecoveryCodesGenerated => factor_notice(message, host),
        EmailKind::Test => Content {
            subject: "Test email",
            body: format!("This is a test email from {host}. Delivery works."),
            link: None,
            closing: "You don't need to do anything.",
        },
    }
}

/// Returns the text of a notice about second factors.
fn factor_notice(message: &EmailMessage, host: &str) -> Content {
    let at = message.at.format("%Y-%m-%d %H:%M UTC");
    let note = message.note.as_deref().unwrap_or_default();
    let (subject, body, closing) = match message.kind {
        EmailKind::FactorAdded => (
            "A sign-in method was added to your account",
            format!("On {at}, {note} was added to your {host} account."),
            "If this wasn't you, remove it on the security page and change your password immediately.",
        ),
        EmailKind::FactorRemoved => (
            "A sign-in method was removed from your account",
            format!("On {at}, {note} was removed from your {host} account."),
            "If this wasn't you, change your password immediately and check the security page.",
        ),
        EmailKind::RecoveryCodeUsed => (
            "A recovery code was used",
            format!("On {at}, a recovery code of your {host} account was used. {note}"),
            "If this wasn't you, change your password immediately and generate new recovery codes.",
        ),
        EmailKind::RecoveryCodesGenerated => (
            "New recovery codes were generated",
            format!("On {at}, new recovery codes were generated for your {host} account. The earlier ones are void."),
            "If this wasn't you, change your password immediately and generate new recovery codes.",
        ),
        _ => (
            "Your second factors were removed",
            format!(
                "On {at}, an administrator removed the second factors of your {host} account: authenticator app, passkeys \
                 and recovery codes. You can sign in with your password."
            ),
            "If you didn't ask for this, contact an administrator of the service immediately.",
        ),
    };
    Content {
        subject,
        body,
        link: None,
        closing,
    }
}

/// Returns the host of a URL, with its port.
fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn render(kind: EmailKind) -> Email {
        let message = EmailMessage {
            id: Uuid::nil(),
            kind,
            to: "ada@example.com".to_owned(),
            name: Some("Ada <script>{{body}}".to_owned()),
            token: format!("{}.{}", "0".repeat(32), "1".repeat(64)).parse().ok(),
            note: Some("curl & co".to_owned()),
            at: DateTime::UNIX_EPOCH,
            sent_at: DateTime::UNIX_EPOCH,
        };
        Email::render(&message, "https://accounts.example.com").expect("valid templates")
    }

    #[test]
    fn every_kind_renders_and_escapes_user_input() {
        for kind in EmailKind::ALL {
            let Email { subject, text, html } = render(*kind);
            assert!(subject.ends_with("(accounts.example.com)"), "{subject}");
            assert!(text.starts_with("Hello Ada <script>{{body}},"), "{text}");
            assert!(html.contains("Hello Ada &lt;script&gt;{{body}},"), "{html}");
        }
    }

    #[test]
    fn token_is_only_in_the_fragment_of_kinds_with_a_link() {
        for kind in EmailKind::ALL {
            let Email { text, html, .. } = render(*kind);
            let has_link = matches!(
                kind,
                EmailKind::VerifyEmail | EmailKind::ResetPassword | EmailKind::Invitation | EmailKind::ChangeEmail
            );
            assert_eq!(text.contains("#token=0000"), has_link, "{kind:?}");
            assert_eq!(html.contains("#token=0000"), has_link, "{kind:?}");
        }
    }
}
