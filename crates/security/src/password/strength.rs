//! How easily a password is guessed.

use vestibule_domain::{PasswordMeter, Strength};
use zxcvbn::zxcvbn;

/// zxcvbn, which knows common passwords, names, words, keyboards and dates. It looks at the first 100
/// characters.
#[derive(Debug, Clone, Copy)]
pub struct Zxcvbn;

impl PasswordMeter for Zxcvbn {
    fn measure(&self, password: &str, about: &[&str]) -> Strength {
        let found = zxcvbn(password, about);
        let feedback = found.feedback();
        let advice = feedback.and_then(|feedback| {
            let warning = feedback.warning().map(|warning| warning.to_string());
            warning.or_else(|| feedback.suggestions().first().map(ToString::to_string))
        });
        Strength {
            score: found.score().into(),
            advice: continued(advice.as_deref().unwrap_or("Add another word or two.")),
        }
    }
}

/// The first sentence, to go on with after a colon.
fn continued(text: &str) -> String {
    let sentence = text.split(". ").next().unwrap_or(text).trim_end_matches('.');
    let mut chars = sentence.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_measured_and_there_is_a_sentence_of_advice() {
        for (password, score, advice) in [
            ("abcdefghijkl", 0, "sequences like abc or 6543 are easy to guess"),
            ("correct horse battery staple", 4, "add another word or two"),
        ] {
            let strength = Zxcvbn.measure(password, &["lovelace@example.com"]);
            assert_eq!(
                (strength.score, strength.advice.as_str()),
                (score, advice),
                "{password}"
            );
        }
    }
}
