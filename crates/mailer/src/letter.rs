//! What the letters say.

use vestibule_domain::{EmailKind, EmailMessage};

/// A letter in words.
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// What one kind of letter says.
struct Outline {
    subject: &'static str,
    body: String,
    /// The page of the link, what its button says, and how long it is good.
    link: Option<(&'static str, &'static str, &'static str)>,
    closing: &'static str,
}

/// Writes a letter of the service at this URL. The token of a link stands in its fragment, so that it
/// reaches no log; opening the link consumes nothing.
pub(crate) fn write(letter: &EmailMessage, public_url: &str) -> Words {
    let Outline {
        subject,
        body,
        link,
        closing,
    } = outline(letter, host(public_url));
    let link = link.zip(letter.token.as_ref()).map(|((page, label, life), token)| {
        let url = format!("{public_url}/{page}#token={token}");
        (url, label, life)
    });
    let greeting = match &letter.name {
        Some(name) => format!("Hello {name},"),
        None => "Hello,".to_owned(),
    };
    let text = match &link {
        Some((url, label, life)) => {
            // With the URL of the service the text has as many addresses, as filters count them, as the HTML:
            // Rspamd takes an odd number in both for a sign of spam.
            format!(
                "{greeting}\n\n{body}\n\n{label}:\n{url}\n\nThe link works once, for {life}.\n\n{closing}\n\n{public_url}\n"
            )
        }
        None => format!("{greeting}\n\n{body}\n\n{closing}\n\n{}\n", host(public_url)),
    };
    let button = link.map_or_else(String::new, |(url, label, life)| {
        let url = escaped(&url);
        format!(
            "<p><a class=\"button\" href=\"{url}\">{label}</a></p>\n\
             <p class=\"quiet\">The link works once, for {life}. If the button does nothing, open this address:<br>\n\
             <a href=\"{url}\">{url}</a></p>\n"
        )
    });
    let html = PAGE
        .replace("{{subject}}", subject)
        .replace("{{button}}", &button)
        .replace("{{closing}}", closing)
        .replace("{{host}}", &escaped(host(public_url)))
        .replace("{{greeting}}", &escaped(&greeting))
        .replace("{{body}}", &escaped(&body).replace('\n', "<br>\n"));
    Words {
        subject: format!("{subject} ({})", host(public_url)),
        text,
        html,
    }
}

const IGNORE: &str = "If this was not you, ignore this mail: nothing happens.";
const BEWARE: &str = "If this was not you, choose another password at once and end your other sessions.";

fn outline(letter: &EmailMessage, host: &str) -> Outline {
    let at = letter.at.format("%Y-%m-%d %H:%M UTC");
    let note = letter.note.as_deref().unwrap_or_default();
    match letter.kind {
        EmailKind::VerifyEmail => Outline {
            subject: "Verify your email address",
            body: format!(
                "Somebody, probably you, has an account at {host} with this address. Please confirm that it is yours."
            ),
            link: Some(("verify-email", "Verify the address", "24 hours")),
            closing: "If you have no account there, ignore this mail: without you the address stays unverified.",
        },
        EmailKind::ResetPassword => Outline {
            subject: "Reset your password",
            body: format!("Somebody, probably you, asked to reset the password of your account at {host}."),
            link: Some(("reset-password", "Choose a password", "30 minutes")),
            closing: IGNORE,
        },
        EmailKind::Invitation => Outline {
            subject: "You have an account",
            body: format!("An account was made for you at {host}. Choose a password to sign in with."),
            link: Some(("reset-password", "Choose a password", "24 hours")),
            closing: "If you expected none, ignore this mail: nobody can sign in without a password.",
        },
        EmailKind::ChangeEmail => Outline {
            subject: "Confirm your new email address",
            body: format!("Somebody, probably you, wants to use this address for an account at {host}."),
            link: Some(("confirm-email-change", "Confirm the address", "30 minutes")),
            closing: IGNORE,
        },
        EmailKind::EmailChangeRequested => Outline {
            subject: "Your email address is about to change",
            body: format!(
                "On {at} somebody asked for another address for your account at {host}. The change waits to be confirmed from there."
            ),
            link: None,
            closing: "If this was not you, sign in, take the change back, and choose another password at once.",
        },
        EmailKind::EmailChanged => Outline {
            subject: "Your email address was changed",
            body: format!(
                "On {at} your account at {host} got another address. This one does not sign you in any more."
            ),
            link: None,
            closing: "If this was not you, tell whoever runs the service at once.",
        },
        EmailKind::PasswordChanged => Outline {
            subject: "Your password was changed",
            body: format!("On {at} the password of your account at {host} was changed."),
            link: None,
            closing: "If this was not you, reset the password from the sign-in page at once.",
        },
        EmailKind::NewDevice => Outline {
            subject: "New sign-in to your account",
            body: format!(
                "On {at} somebody signed in to your account at {host} from a device that it did not know:\n{note}"
            ),
            link: None,
            closing: BEWARE,
        },
        EmailKind::Test => Outline {
            subject: "Mail arrives",
            body: format!("The operator of {host} tried whether mail arrives here. It does."),
            link: None,
            closing: "There is nothing to do.",
        },
    }
}

/// The host of a URL, and its port.
fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, host)| host)
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, c| {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '{' => html.push_str("&#123;"),
            c => html.push(c),
        }
        html
    })
}

/// One column that reads well in light and dark clients, with no image and nothing to load.
const PAGE: &str = include_str!("letter.html");

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn letter(kind: EmailKind) -> EmailMessage {
        EmailMessage {
            id: Uuid::nil(),
            kind,
            to: "ada@example.com".to_owned(),
            name: Some("Ada <script>{{body}}".to_owned()),
            token: format!("{}.{}", "0".repeat(32), "1".repeat(64)).parse().ok(),
            note: Some("curl & co".to_owned()),
            at: DateTime::UNIX_EPOCH,
            sent_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn every_letter_is_whole_and_what_people_typed_stays_text() {
        for kind in EmailKind::ALL {
            let Words { subject, text, html } = write(&letter(kind), "https://accounts.example.com");
            assert!(subject.ends_with("(accounts.example.com)"), "{subject}");
            assert!(text.starts_with("Hello Ada <script>"), "{text}");
            assert!(html.contains("Hello Ada &lt;script&gt;&#123;&#123;body}}"), "{html}");
            assert!(!html.contains("{{"), "{html}");
        }
    }

    #[test]
    fn only_letters_that_need_one_carry_a_token_and_it_stands_in_the_fragment() {
        for kind in EmailKind::ALL {
            let Words { text, html, .. } = write(&letter(kind), "https://accounts.example.com");
            let needs = matches!(
                kind,
                EmailKind::VerifyEmail | EmailKind::ResetPassword | EmailKind::Invitation | EmailKind::ChangeEmail
            );
            assert_eq!(text.contains("#token=0000"), needs, "{kind:?}");
            assert_eq!(html.contains("#token=0000"), needs, "{kind:?}");
        }
    }
}
