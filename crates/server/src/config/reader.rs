//! Reading settings one by one, and collecting all errors.

use std::{collections::BTreeSet, fmt, fs, ops::RangeInclusive, path::PathBuf, time::Duration};

use vestibule_domain::Secret;

use super::{Environment, Source, duration, environment::Variable};

/// A setting with its effective value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name of its variable.
    pub name: &'static str,
    /// The value as text. Secrets are redacted.
    pub display: String,
    /// The source of the value.
    pub source: Source,
}

/// The error of one setting: its name, and what to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    name: String,
    message: String,
}

impl ConfigError {
    pub(crate) fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

/// All errors of the configuration, one per line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigErrors(pub Vec<ConfigError>);

/// A reader of settings from an [`Environment`].
///
/// An invalid value is recorded and replaced by the default, so that all errors are reported at once. The values must
/// not be used before [`Reader::finish`] has returned `Ok`.
pub(crate) struct Reader<'a> {
    environment: &'a Environment,
    names: BTreeSet<String>,
    settings: Vec<Setting>,
    errors: Vec<ConfigError>,
    warnings: Vec<String>,
}

/// The settings and warnings that a [`Reader`] has collected.
pub(crate) struct Findings {
    pub(crate) settings: Vec<Setting>,
    pub(crate) warnings: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(environment: &'a Environment) -> Self {
        Self {
            environment,
            names: BTreeSet::new(),
            settings: Vec::new(),
            errors: environment.errors().to_vec(),
            warnings: Vec::new(),
        }
    }

    /// Reads one setting. The error of `parse` completes the message "`value` is not …".
    pub(crate) fn value<T>(
        &mut self,
        name: &'static str,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
        show: impl FnOnce(&T) -> String,
    ) -> T {
        self.names.insert(name.to_owned());
        self.warn_about_quotes(name);
        let (value, source) = match self.environment.get(name) {
            None => (default, Source::Default),
            Some(variable) => match parse(&variable.value) {
                Ok(value) => (value, variable.source.clone()),
                Err(expected) => {
                    self.error(name, invalid_value(&variable.value, &expected));
                    (default, Source::Default)
                }
            },
        };
        self.settings.push(Setting {
            name,
            display: show(&value),
            source,
        });
        value
    }

    /// Reads a setting whose value is one of the given words.
    pub(crate) fn choice<T: Copy + PartialEq>(&mut self, name: &'static str, default: T, words: &[(&str, T)]) -> T {
        let parse = |text: &str| {
            let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
            found.ok_or_else(|| {
                words
                    .iter()
                    .map(|(word, _)| format!("`{word}`"))
                    .collect::<Vec<_>>()
                    .join(" or ")
            })
        };
        let show = |value: &T| {
            words
                .iter()
                .find(|(_, other)| other == value)
                .map_or("", |(word, _)| word)
                .to_owned()
        };
        self.value(name, default, parse, show)
    }

    /// Reads a whole number.
    pub(crate) fn number(&mut self, name: &'static str, default: usize, range: RangeInclusive<usize>) -> usize {
        let parse = |text: &str| {
            let number = text.parse().ok().filter(|number| range.contains(number));
            number.ok_or_else(|| format!("a whole number from {} to {}", range.start(), range.end()))
        };
        self.value(name, default, parse, ToString::to_string)
    }

    /// Reads a duration.
    pub(crate) fn duration(
        &mut self,
        name: &'static str,
        default: Duration,
        range: RangeInclusive<Duration>,
    ) -> Duration {
        let parse = |text: &str| {
            duration::parse(text)
                .filter(|duration| range.contains(duration))
                .ok_or_else(|| {
                    let (min, max) = (duration::format(*range.start()), duration::format(*range.end()));
                    format!("a duration from {min} to {max}, such as `90s`, `30m`, `12h` or `30d`")
                })
        };
        self.value(name, default, parse, |duration| duration::format(*duration))
    }

    /// Reads a secret from its variable or from the file named by `NAME_FILE`. The error of `parse` completes the
    /// message "must be …" and must not contain the value. `show` returns the redacted value, or a text if the secret
    /// is not set.
    pub(crate) fn secret<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(Secret<String>) -> Result<T, String>,
        show: impl FnOnce(Option<&T>) -> String,
    ) -> Option<T> {
        let variable = self.secret_variable(name);
        let source = variable
            .as_ref()
            .map_or(Source::Default, |variable| variable.source.clone());
        let value = match variable.map(|variable| parse(Secret::new(variable.value))) {
            Some(Ok(value)) => Some(value),
            Some(Err(expected)) => {
                self.error(name, format!("must be {expected}"));
                None
            }
            None => None,
        };
        self.settings.push(Setting {
            name,
            display: show(value.as_ref()),
            source,
        });
        value
    }

    fn secret_variable(&mut self, name: &'static str) -> Option<Variable> {
        let file_name = format!("{name}_FILE");
        self.names.extend([name.to_owned(), file_name.clone()]);
        match (self.environment.get(name), self.environment.get(&file_name)) {
            (Some(_), Some(_)) => {
                self.error(name, format!("is set, and so is {file_name}; set only one of them"));
                None
            }
            (direct, None) => {
                self.warn_about_quotes(name);
                direct.cloned()
            }
            (None, Some(file)) => {
                let path = PathBuf::from(&file.value);
                match fs::read_to_string(&path) {
                    Ok(text) => {
                        let value = text.trim_end_matches(['\r', '\n']).to_owned();
                        Some(Variable {
                            value,
                            source: Source::File(path),
                        })
                    }
                    Err(error) => {
                        self.error(file_name, format!("{} cannot be read: {error}", path.display()));
                        None
                    }
                }
            }
        }
    }

    /// Warns about quotes that are part of a value. A shell and `.env` remove them; `docker run --env-file` does not.
    fn warn_about_quotes(&mut self, name: &str) {
        let variable = self
            .environment
            .get(name)
            .filter(|variable| variable.source == Source::Environment);
        let is_quoted = |value: &str| {
            let inner = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            inner('"').or_else(|| inner('\'')).is_some()
        };
        if variable.is_some_and(|variable| is_quoted(&variable.value)) {
            self.warn(format!(
                "{name}: the quotes at its start and end are part of the value; `docker run --env-file` does not remove them"
            ));
        }
    }

    pub(crate) fn error(&mut self, name: impl Into<String>, message: impl Into<String>) {
        self.errors.push(ConfigError::new(name, message));
    }

    pub(crate) fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// Returns whether this setting has an error.
    pub(crate) fn has_error(&self, name: &str) -> bool {
        let file_name = format!("{name}_FILE");
        self.errors
            .iter()
            .any(|error| error.name == name || error.name == file_name)
    }

    /// Adds an error for each unknown setting, and returns all errors if there are any.
    pub(crate) fn finish(mut self) -> Result<Findings, ConfigErrors> {
        for name in self.environment.names().filter(|name| is_unknown(name, &self.names)) {
            let suggestion = closest(name, &self.names).map(|name| format!("; did you mean {name}?"));
            let message = format!("is not a setting of this version{}", suggestion.unwrap_or_default());
            self.errors.push(ConfigError::new(name, message));
        }
        if self.errors.is_empty() {
            Ok(Findings {
                settings: self.settings,
                warnings: self.warnings,
            })
        } else {
            Err(ConfigErrors(self.errors))
        }
    }
}

/// Returns the redacted text of a secret.
pub(super) fn set_or_not(is_set: bool) -> String {
    if is_set { "(set)" } else { "(not set)" }.to_owned()
}

/// Returns the message for an invalid value. A value with an `@` may be a URL with a password and is not included.
fn invalid_value(value: &str, expected: &str) -> String {
    if value.is_empty() {
        format!("is empty; set it to {expected}, or remove it")
    } else if value.contains('@') {
        format!("must be {expected}")
    } else {
        let short: String = value.chars().take(60).flat_map(char::escape_debug).collect();
        format!("`{short}` is not {expected}")
    }
}

/// Returns whether a name has the prefix of settings and is not known. Kubernetes injects `VESTIBULE_SERVICE_*` and
/// `VESTIBULE_PORT*` for a service named vestibule, and the tests read `VESTIBULE_REQUIRE_POSTGRES`.
fn is_unknown(name: &str, known: &BTreeSet<String>) -> bool {
    name.strip_prefix("VESTIBULE_").is_some_and(|rest| {
        let foreign = rest.starts_with("SERVICE_") || rest.starts_with("PORT") || rest == "REQUIRE_POSTGRES";
        !foreign && !known.contains(name)
    })
}

/// Returns the known name that is most similar, if it is similar enough to suggest it.
fn closest<'a>(name: &str, known: &'a BTreeSet<String>) -> Option<&'a String> {
    let candidates = known
        .iter()
        .map(|other| (strsim::normalized_damerau_levenshtein(name, other), other));
    candidates
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}
