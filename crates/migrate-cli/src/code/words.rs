//! SQL that may read differently on each engine.

use crate::engine::Engine;

/// The same thing in the words of each engine that counts; at least one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Both<T> {
    pub(super) sqlite: Option<T>,
    pub(super) postgres: Option<T>,
}

impl<T> Both<T> {
    pub(super) fn map<U>(&self, mut change: impl FnMut(&T) -> U) -> Both<U> {
        Both {
            sqlite: self.sqlite.as_ref().map(&mut change),
            postgres: self.postgres.as_ref().map(&mut change),
        }
    }

    /// The words of an engine; those of the other one where only that counts.
    pub(super) fn of(&self, engine: Engine) -> Option<&T> {
        match engine {
            Engine::Sqlite => self.sqlite.as_ref(),
            Engine::Postgres => self.postgres.as_ref(),
        }
    }

    /// What both say, if they say the same.
    pub(super) fn agreed(self) -> Option<T>
    where
        T: PartialEq,
    {
        match (self.sqlite, self.postgres) {
            (Some(sqlite), Some(postgres)) => (sqlite == postgres).then_some(postgres),
            (one, other) => one.or(other),
        }
    }

    /// For each engine that counts, whether it has something; nothing when they disagree about that.
    #[expect(clippy::option_option, reason = "that they disagree is not that nobody has anything")]
    pub(super) fn all_or_none<U>(self, get: impl Fn(T) -> Option<U>) -> Option<Option<Both<U>>> {
        let counts = (self.sqlite.is_some(), self.postgres.is_some());
        let found = Both {
            sqlite: self.sqlite.and_then(&get),
            postgres: self.postgres.and_then(&get),
        };
        match (found.sqlite.is_some(), found.postgres.is_some()) {
            (false, false) => Some(None),
            has if has == counts => Some(Some(found)),
            _ => None,
        }
    }
}

impl Both<String> {
    /// A Rust expression of a text: a literal, or a match over the engine.
    pub(super) fn source(&self) -> String {
        match (&self.sqlite, &self.postgres) {
            (Some(sqlite), Some(postgres)) if sqlite != postgres => format!(
                "match manager.get_database_backend() {{ DbBackend::Sqlite => {}, _ => {} }}",
                literal(sqlite),
                literal(postgres)
            ),
            (one, other) => literal(other.as_deref().or(one.as_deref()).unwrap_or_default()),
        }
    }
}

/// Beyond this a text is broken into lines, because rustfmt leaves long ones as they are.
const WIDTH: usize = 80;

/// A text as a Rust literal that is easy to read.
pub(super) fn literal(text: &str) -> String {
    if text.len() > WIDTH && !text.contains("  ") && !text.contains('\n') {
        return format!("\"{}\"", lines(text).join(" \\\n"));
    }
    if text.contains('"') && !text.contains("\"#") && !text.contains('\\') {
        return format!("r#\"{text}\"#");
    }
    format!("{text:?}")
}

/// The lines of a long text, which break at blanks.
fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if let Some(line) = lines.last_mut() {
            if line.is_empty() {
                line.push_str(word);
            } else if line.len() + word.len() < WIDTH {
                line.push(' ');
                line.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
    }
    lines
        .iter()
        .map(|line| line.escape_debug().to_string().replace("\\'", "'"))
        .collect()
}
