//! Settings of sign-up, rate limits, audit retention and the first administrator.

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

/// Settings of accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The sign-up policy.
    pub sign_up: SignUpPolicy,
    /// Users must verify their email before they can sign in.
    pub require_verified_email: bool,
    /// Rate limits apply. Only tests disable them.
    pub rate_limits: bool,
    /// The time for which audit events are retained.
    pub audit_retention: Duration,
    /// The first administrator, created at startup while setup is open.
    pub administrator: Option<FirstAdministrator>,
}

impl Accounts {
    pub(crate) fn read(reader: &mut Reader<'_>, passwords: &Passwords) -> Self {
        let rate_limits = reader.choice(RATE_LIMITS, true, &[("on", true), ("off", false)]);
        if !rate_limits {
            reader.warn(format!(
                "{RATE_LIMITS}=off allows unlimited password guessing; use it only for tests"
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
        let email = EmailAddress::parse(text).map_err(|error| format!("a valid email: it {error}"))?;
        Ok(Some(email))
    };
    let email = reader.value(ADMIN_EMAIL, None, parse, |email| {
        email
            .as_ref()
            .map_or_else(|| set_or_not(false), |email| email.as_str().to_owned())
    });
    let parse_password = |text: vestibule_domain::Secret<String>| {
        Password::parse(text.expose(), passwords.min_length, email.as_ref())
            .map_err(|error| format!("an acceptable password: it {error}"))
    };
    let password = reader.secret(ADMIN_PASSWORD, parse_password, |password| {
        set_or_not(password.is_some())
    });
    match (email, password) {
        (Some(email), Some(password)) => Some(FirstAdministrator { email, password }),
        (None, Some(_)) if !reader.has_error(ADMIN_EMAIL) => {
            reader.error(ADMIN_EMAIL, format!("must be set, because {ADMIN_PASSWORD} is set"));
            None
        }
        (Some(_), None) if !reader.has_error(ADMIN_PASSWORD) => {
            reader.error(ADMIN_PASSWORD, format!("must be set, because {ADMIN_EMAIL} is set"));
            None
        }
        _ => None,
    }
}
