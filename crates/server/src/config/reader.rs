//! Reading settings one by one, and keeping every mistake for the end.

use std::{collections::BTreeSet, fmt, fs, ops::RangeInclusive, path::PathBuf, time::Duration};

use vestibule_domain::Secret;

use super::{Environment, Origin, duration, environment::Variable};

/// One setting as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its value for people; a secret is only said to be set.
    pub shown: String,
    /// Where it came from.
    pub origin: Origin,
}

/// What is wrong with a setting, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    name: String,
    wrong: String,
}

impl Mistake {
    pub(crate) fn new(name: impl Into<String>, wrong: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            wrong: wrong.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.wrong)
    }
}

/// Everything that is wrong with the settings, a line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Mistakes(pub Vec<Mistake>);

/// Reads settings from an [`Environment`].
///
/// A value that is wrong is noted and replaced by the default, so that reading goes on and all mistakes
/// are told at once; what was read is worth nothing until [`Reader::finish`] has found none.
pub(crate) struct Reader<'a> {
    environment: &'a Environment,
    names: BTreeSet<String>,
    settings: Vec<Setting>,
    mistakes: Vec<Mistake>,
    warnings: Vec<String>,
}

/// What was learnt beside the values.
pub(crate) struct Findings {
    pub(crate) settings: Vec<Setting>,
    pub(crate) warnings: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(environment: &'a Environment) -> Self {
        let mistakes = environment.mistakes().to_vec();
        Self {
            environment,
            names: BTreeSet::new(),
            settings: Vec::new(),
            mistakes,
            warnings: Vec::new(),
        }
    }

    /// Reads one setting. `parse` answers a bad value with what would be right, as the end of the
    /// sentence "`value` is not …".
    pub(crate) fn value<T>(
        &mut self,
        name: &'static str,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
        show: impl FnOnce(&T) -> String,
    ) -> T {
        self.names.insert(name.to_owned());
        let (value, origin) = match self.environment.get(name) {
            None => (default, Origin::Default),
            Some(variable) => match parse(&variable.value) {
                Ok(value) => (value, variable.origin.clone()),
                Err(right) => {
                    self.mistake(name, refusal(&variable.value, &right));
                    (default, Origin::Default)
                }
            },
        };
        self.settings.push(Setting {
            name,
            shown: show(&value),
            origin,
        });
        value
    }

    /// Reads a setting that is one of a few words.
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
                    let (least, most) = (duration::show(*range.start()), duration::show(*range.end()));
                    format!("a duration from {least} to {most}, such as `90s`, `30m`, `12h` or `30d`")
                })
        };
        self.value(name, default, parse, |duration| duration::show(*duration))
    }

    /// Reads a secret, which may stand in the variable itself or in the file that `NAME_FILE` names.
    /// `parse` answers a bad value with what would be right, as the end of "must be …", and must not
    /// repeat the value. `show` says what may be shown of it, or what holds without it.
    pub(crate) fn secret<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(Secret<String>) -> Result<T, String>,
        show: impl FnOnce(Option<&T>) -> String,
    ) -> Option<T> {
        let variable = self.secret_variable(name);
        let origin = variable
            .as_ref()
            .map_or(Origin::Default, |variable| variable.origin.clone());
        let value = match variable.map(|variable| parse(Secret::new(variable.value))) {
            Some(Ok(value)) => Some(value),
            Some(Err(right)) => {
                self.mistake(name, format!("must be {right}"));
                None
            }
            None => None,
        };
        self.settings.push(Setting {
            name,
            shown: show(value.as_ref()),
            origin,
        });
        value
    }

    fn secret_variable(&mut self, name: &'static str) -> Option<Variable> {
        let file_name = format!("{name}_FILE");
        self.names.extend([name.to_owned(), file_name.clone()]);
        match (self.environment.get(name), self.environment.get(&file_name)) {
            (Some(_), Some(_)) => {
                self.mistake(name, format!("is set, and so is {file_name}; set one of them"));
                None
            }
            (direct, None) => direct.cloned(),
            (None, Some(file)) => {
                let path = PathBuf::from(&file.value);
                match fs::read_to_string(&path) {
                    Ok(text) => {
                        let value = text.trim_end_matches(['\r', '\n']).to_owned();
                        Some(Variable {
                            value,
                            origin: Origin::File(path),
                        })
                    }
                    Err(error) => {
                        self.mistake(file_name, format!("{} cannot be read: {error}", path.display()));
                        None
                    }
                }
            }
        }
    }

    pub(crate) fn mistake(&mut self, name: impl Into<String>, wrong: impl Into<String>) {
        self.mistakes.push(Mistake::new(name, wrong));
    }

    pub(crate) fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// Whether something was wrong with this setting.
    pub(crate) fn is_wrong(&self, name: &str) -> bool {
        let file_name = format!("{name}_FILE");
        self.mistakes
            .iter()
            .any(|mistake| mistake.name == name || mistake.name == file_name)
    }

    /// Ends the reading: looks for names that nobody asked for, and tells every mistake.
    pub(crate) fn finish(mut self) -> Result<Findings, Mistakes> {
        for name in self.environment.names().filter(|name| is_unknown(name, &self.names)) {
            let suggestion = closest(name, &self.names).map(|near| format!("; did you mean {near}?"));
            let wrong = format!("is not a setting of this version{}", suggestion.unwrap_or_default());
            self.mistakes.push(Mistake::new(name, wrong));
        }
        if self.mistakes.is_empty() {
            Ok(Findings {
                settings: self.settings,
                warnings: self.warnings,
            })
        } else {
            Err(Mistakes(self.mistakes))
        }
    }
}

/// A secret for people.
pub(super) fn set_or_not(is_set: bool) -> String {
    if is_set { "(set)" } else { "(not set)" }.to_owned()
}

/// Says what is wrong with a value. One with an `@` may be a URL with a password and is not repeated.
fn refusal(value: &str, right: &str) -> String {
    if value.is_empty() {
        format!("is empty; give it {right}, or remove it")
    } else if value.contains('@') {
        format!("must be {right}")
    } else {
        let short: String = value.chars().take(60).flat_map(char::escape_debug).collect();
        format!("`{short}` is not {right}")
    }
}

/// Whether the name claims to be a setting and is none. Kubernetes injects `VESTIBULE_SERVICE_*` and
/// `VESTIBULE_PORT*` for a service of that name, and the tests read `VESTIBULE_REQUIRE_POSTGRES`.
fn is_unknown(name: &str, known: &BTreeSet<String>) -> bool {
    name.strip_prefix("VESTIBULE_").is_some_and(|rest| {
        let foreign = rest.starts_with("SERVICE_") || rest.starts_with("PORT") || rest == "REQUIRE_POSTGRES";
        !foreign && !known.contains(name)
    })
}

/// The known name that was probably meant.
fn closest<'a>(name: &str, known: &'a BTreeSet<String>) -> Option<&'a String> {
    let near = known
        .iter()
        .map(|other| (strsim::normalized_damerau_levenshtein(name, other), other));
    near.filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}
