//! Password strength estimation.

use vestibule_domain::{PasswordMeter, Strength};
use zxcvbn::zxcvbn;

/// zxcvbn, which recognizes common passwords, names, words, keyboard patterns and dates. It considers only the first
/// 100 characters.
#[derive(Debug, Clone, Copy)]
pub struct Zxcvbn;

impl PasswordMeter for Zxcvbn {
    fn measure(&self, password: &str, user_inputs: &[&str]) -> Strength {
        let estimate = zxcvbn(password, user_inputs);
        let feedback = estimate.feedback();
        let advice = feedback.and_then(|feedback| {
            let warning = feedback.warning().map(|warning| warning.to_string());
            warning.or_else(|| feedback.suggestions().first().map(ToString::to_string))
        });
        Strength {
            score: estimate.score().into(),
            advice: first_sentence(advice.as_deref().unwrap_or("Add another word or two.")),
        }
    }
}

/// Returns the first sentence in a form that can follow a colon: in lower case and without its full stop.
fn first_sentence(text: &str) -> String {
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
    fn measure_returns_score_and_advice() {
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
