//! The spellings of the name of a resource.

use minijinja::{Value, context};

/// A name in every spelling that the files need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    /// `invoice_item`
    pub(crate) singular: String,
    /// `invoice_items`
    pub(crate) plural: String,
    /// `invoice item`
    pub(crate) label: String,
}

impl Names {
    pub(crate) fn new(singular: &str, plural: Option<&str>) -> Self {
        Self {
            singular: singular.to_owned(),
            plural: plural.map_or_else(|| pluralize(singular), ToOwned::to_owned),
            label: label(singular),
        }
    }

    /// Returns the spellings for the templates.
    pub(crate) fn values(&self) -> Value {
        let Names {
            singular,
            plural,
            label: text,
        } = self;
        let labels = label(plural);
        let article = article(text);
        context! {
            name => singular,
            names => plural,
            Name => pascal(singular),
            Names => pascal(plural),
            NAME => singular.to_uppercase(),
            NAMES => plural.to_uppercase(),
            camel => camel(singular),
            camels => camel(plural),
            path => kebab(plural),
            kebab => kebab(singular),
            label => text,
            labels => labels.as_str(),
            Label => capitalize(text),
            Labels => capitalize(&labels),
            article => article,
            Article => capitalize(article),
        }
    }
}

/// Returns whether a text is an identifier in every language of the project: lower-case letters, digits and single `_`, at
/// most 40, with a letter first and no `_` at the end.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('_')
        && !text.contains("__")
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Converts `invoice_item` to `invoice item`.
pub(crate) fn label(name: &str) -> String {
    name.replace('_', " ")
}

/// Converts `invoice_item` to `InvoiceItem`.
pub(crate) fn pascal(name: &str) -> String {
    name.split('_').map(capitalize).collect()
}

/// Converts `invoice_item` to `invoiceItem`.
pub(crate) fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut chars = pascal.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Converts `invoice_item` to `invoice-item`.
pub(crate) fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// Converts `invoice item` to `Invoice item`.
pub(crate) fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Returns `an` before a vowel, and `a` otherwise.
pub(crate) fn article(text: &str) -> &'static str {
    let is_an = text.starts_with(['a', 'e', 'i', 'o'])
        || (text.starts_with('u') && !text.starts_with("un") && !text.starts_with("us"));
    if is_an { "an" } else { "a" }
}

/// Returns the regular plural of a noun. Irregular ones are given with `--plural`.
fn pluralize(noun: &str) -> String {
    let is_vowel = |c: char| "aeiou".contains(c);
    let before_last = noun.chars().rev().nth(1);
    if noun.ends_with('y') && before_last.is_some_and(|c| !is_vowel(c)) {
        return format!("{}ies", &noun[..noun.len() - 1]);
    }
    let takes_es = ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    format!("{noun}{}", if takes_es { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_nouns_get_their_plural() {
        for (noun, plural) in [
            ("project", "projects"),
            ("category", "categories"),
            ("day", "days"),
            ("box", "boxes"),
            ("branch", "branches"),
            ("invoice_item", "invoice_items"),
        ] {
            assert_eq!(pluralize(noun), plural);
        }
    }

    #[test]
    fn names_are_spelled_for_each_language() {
        assert_eq!(pascal("invoice_item2"), "InvoiceItem2");
        assert_eq!(camel("invoice_item"), "invoiceItem");
        assert_eq!(kebab("invoice_item"), "invoice-item");
        assert_eq!(capitalize(&label("due_on")), "Due on");
        assert_eq!(
            (article("invoice"), article("user"), article("project")),
            ("an", "a", "a")
        );
    }
}
