//! Values that may differ between engines, and string literals in generated code.

use crate::engine::Engine;

/// A value for each engine that the project supports; at least one is present.
#[derive(Debug, Clone, Copy)]
pub(super) struct PerEngine<T> {
    pub(super) sqlite: Option<T>,
    pub(super) postgres: Option<T>,
}

impl<T> PerEngine<T> {
    pub(super) fn map<U>(&self, mut change: impl FnMut(&T) -> U) -> PerEngine<U> {
        PerEngine {
            sqlite: self.sqlite.as_ref().map(&mut change),
            postgres: self.postgres.as_ref().map(&mut change),
        }
    }

    /// Returns the value of an engine.
    pub(super) fn get(&self, engine: Engine) -> Option<&T> {
        match engine {
            Engine::Sqlite => self.sqlite.as_ref(),
            Engine::Postgres => self.postgres.as_ref(),
        }
    }

    /// Returns the common value, or `None` if the engines differ.
    pub(super) fn common(self) -> Option<T>
    where
        T: PartialEq,
    {
        match (self.sqlite, self.postgres) {
            (Some(sqlite), Some(postgres)) => (sqlite == postgres).then_some(postgres),
            (one, other) => one.or(other),
        }
    }

    /// Applies a function to each value. Returns `Some(None)` if none has a result, and `None` if only some have.
    #[expect(clippy::option_option, reason = "a disagreement differs from the absence of both")]
    pub(super) fn all_or_none<U>(self, get: impl Fn(T) -> Option<U>) -> Option<Option<PerEngine<U>>> {
        let present = (self.sqlite.is_some(), self.postgres.is_some());
        let found = PerEngine {
            sqlite: self.sqlite.and_then(&get),
            postgres: self.postgres.and_then(&get),
        };
        match (found.sqlite.is_some(), found.postgres.is_some()) {
            (false, false) => Some(None),
            found_in if found_in == present => Some(Some(found)),
            _ => None,
        }
    }
}

impl PerEngine<String> {
    /// Returns a Rust expression: a literal, or a match on the engine.
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

/// The line width at which long strings are wrapped, because rustfmt does not wrap them.
const WIDTH: usize = 80;

/// Returns a readable Rust literal of a string.
pub(super) fn literal(text: &str) -> String {
    if text.len() > WIDTH && !text.contains("  ") && !text.contains('\n') {
        return format!("\"{}\"", lines(text).join(" \\\n"));
    }
    if text.contains('"') && !text.contains("\"#") && !text.contains('\\') {
        return format!("r#\"{text}\"#");
    }
    format!("{text:?}")
}

/// Wraps a long string at spaces.
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
