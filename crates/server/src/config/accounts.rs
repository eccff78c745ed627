//! Who may have an account, and who administers.

use std::time::Duration;

use vestibule_domain::{EmailAddress, Password, SignUpPolicy, setup::FirstAdministrator};

use super::{
    Passwords,
    reader::{Reader, set_or_not},
};

const DAY: Duration = Duration::from_hours(24);
const RATE_LIMITS: &str = "VESTIBULE_RATE_LIMITS";
const ADMIN_EMAIL: &str = "VESTIBULE_ADMIN_EMAIL";
const ADMIN_PASSWORD: &str = "VESTIBULE_ADMIN_PASSWORD";

/// The settings of accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// Whether people may sign up by themselves.
    pub sign_up: SignUpPolicy,
    /// Whether an address must be verified before its owner can sign in.
    pub require_verified_email: bool,
    /// Whether it is bounded how often passwords may be tried.
    pub rate_limits: bool,
    /// How long audit events are kept.
    pub audit_retention: Duration,
    /// The first administrator, made at start while setup is open.
    pub administrator: Option<FirstAdministrator>,
}

impl Accounts {
    pub(crate) fn read(reader: &mut Reader<'_>, passwords: &Passwords) -> Self {
        let rate_limits = reader.choice(RATE_LIMITS, true, &[("on", true), ("off", false)]);
        if !rate_limits {
            reader.warn(format!(
                "{RATE_LIMITS}=off lets anybody try passwords as often as they like: for tests only"
            ));
        }
        let words = [("open", SignUpPolicy::Open), ("closed", SignUpPolicy::Closed)];
        Self {
            sign_up: reader.choice("VESTIBULE_SIGN_UP", SignUpPolicy::Open, &words),
            require_verified_email: reader.choice(
                "VESTIBULE_REQUIRE_VERIFIED_EMAIL",
                false,
                &[("true", true), ("false", false)],
            ),
            rate_limits,
            audit_retention: reader.duration("VESTIBULE_AUDIT_RETENTION", 365 * DAY, DAY..=36_500 * DAY),
            administrator: read_administrator(reader, passwords),
        }
    }
}

fn read_administrator(reader: &mut Reader<'_>, passwords: &Passwords) -> Option<FirstAdministrator> {
    let parse = |text: &str| {
        let email = EmailAddress::parse(text).map_err(|error| format!("an email address: it {error}"))?;
        Ok(Some(email))
    };
    let email = reader.value(ADMIN_EMAIL, None, parse, |email| {
        email
            .as_ref()
            .map_or_else(|| set_or_not(false), |email| email.as_str().to_owned())
    });
    let choose = |text: vestibule_domain::Secret<String>| {
        Password::choose(text.expose(), passwords.min_length, email.as_ref())
            .map_err(|error| format!("a password that may be chosen: it {error}"))
    };
    let password = reader.secret(ADMIN_PASSWORD, choose, |password| set_or_not(password.is_some()));
    match (email, password) {
        (Some(email), Some(password)) => Some(FirstAdministrator { email, password }),
        (None, Some(_)) if !reader.is_wrong(ADMIN_EMAIL) => {
            reader.mistake(ADMIN_EMAIL, format!("must be set, because {ADMIN_PASSWORD} is"));
            None
        }
        (Some(_), None) if !reader.is_wrong(ADMIN_PASSWORD) => {
            reader.mistake(ADMIN_PASSWORD, format!("must be set, because {ADMIN_EMAIL} is"));
            None
        }
        _ => None,
    }
}
