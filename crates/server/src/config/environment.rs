//! Sources of settings: environment variables, the file `.env`, and files with one secret each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs, io,
    path::PathBuf,
};

use super::ConfigError;

/// A file in the working directory with additional variables.
const DOT_ENV: &str = ".env";

/// Variables by name. It does not implement `Debug`, because some values are secrets.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, Variable>,
    errors: Vec<ConfigError>,
}

/// The value of a variable and its source.
#[derive(Clone)]
pub(crate) struct Variable {
    pub(crate) value: String,
    pub(crate) source: Source,
}

/// The source of the value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The default, because the setting is not set.
    Default,
    /// An environment variable.
    Environment,
    /// The file `.env`.
    DotEnv,
    /// The file named by the variable with the suffix `_FILE`.
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Environment => f.write_str("environment"),
            Self::DotEnv => f.write_str(DOT_ENV),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl Environment {
    /// Returns the environment variables, and those of `.env` that the environment does not set.
    #[must_use]
    pub fn from_process() -> Self {
        let mut environment = Self::default();
        match fs::read_to_string(DOT_ENV) {
            Ok(text) => environment.add_dot_env(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => environment
                .errors
                .push(ConfigError::new(DOT_ENV, format!("cannot be read: {error}"))),
        }
        environment.add_process();
        environment
    }

    fn add_process(&mut self) {
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => self.insert(name, value, Source::Environment),
                Err(_) if is_setting(&name) => self.errors.push(ConfigError::new(name, "is not UTF-8")),
                Err(_) => {}
            }
        }
    }

    /// Adds the variables of a `.env` file. An error contains the number of an invalid line and never its text, which may
    /// be a secret.
    fn add_dot_env(&mut self, file: &str) {
        let DotEnv { text, substitutions } = DotEnv::scan(file);
        for line in substitutions {
            let advice = "contains `$`, which would be replaced by the value of a variable; put single quotes around the \
                          value";
            self.errors
                .push(ConfigError::new(DOT_ENV, format!("line {line} {advice}")));
        }
        for line in dotenvy::from_read_iter(text.as_bytes()) {
            match line {
                Ok((name, value)) => self.insert(name, value, Source::DotEnv),
                Err(dotenvy::Error::LineParse(invalid, _)) => {
                    let index = text
                        .lines()
                        .position(|line| line.trim_end().ends_with(invalid.trim_end()));
                    let line = index.map_or_else(|| "a line".to_owned(), |index| format!("line {}", index + 1));
                    let advice = "is not `NAME=value`; put single quotes around a value with spaces, `#` or `$`";
                    self.errors.push(ConfigError::new(DOT_ENV, format!("{line} {advice}")));
                }
                Err(_) => self.errors.push(ConfigError::new(DOT_ENV, "cannot be read completely")),
            }
        }
    }

    fn insert(&mut self, name: String, value: String, source: Source) {
        self.variables.insert(name, Variable { value, source });
    }

    /// Returns the variable with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// Returns the names of all variables.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// Returns the errors of reading the variables themselves.
    pub(crate) fn errors(&self) -> &[ConfigError] {
        &self.errors
    }
}

/// Creates an environment with the given variables, for tests.
impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables {
            environment.insert(name.into(), value.into(), Source::Environment);
        }
        environment
    }
}

/// The text of a `.env` file without comments, and the lines with a `$` that starts a substitution.
struct DotEnv {
    text: String,
    substitutions: BTreeSet<usize>,
}

impl DotEnv {
    /// Removes the comments, because dotenvy 0.15 looks for quotes in those after several blanks, and then drops the
    /// following lines without an error. A `$` starts a substitution outside single quotes, unless it is escaped.
    fn scan(file: &str) -> Self {
        let (mut text, mut substitutions) = (String::with_capacity(file.len()), BTreeSet::new());
        let (mut line, mut quote, mut is_comment, mut previous) = (1, None, false, '\n');
        let mut chars = file.chars();
        while let Some(c) = chars.next() {
            match (c, quote) {
                ('\n', _) => {
                    line += 1;
                    is_comment = false;
                }
                _ if is_comment => continue,
                ('\\', None | Some('"')) => {
                    text.push(c);
                    let Some(escaped) = chars.next() else { break };
                    line += usize::from(escaped == '\n');
                    text.push(escaped);
                    previous = escaped;
                    continue;
                }
                ('#', None) if previous.is_whitespace() => {
                    is_comment = true;
                    continue;
                }
                ('\'' | '"', None) => quote = Some(c),
                (c, Some(open)) if c == open => quote = None,
                ('$', None | Some('"')) => {
                    substitutions.insert(line);
                }
                _ => {}
            }
            text.push(c);
            previous = c;
        }
        Self { text, substitutions }
    }
}

/// Returns whether a variable with this name is a setting of this program.
fn is_setting(name: &str) -> bool {
    name.starts_with("VESTIBULE_") || name.starts_with("DATABASE_URL") || name == "RUST_LOG"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_env_comments_may_contain_quotes() {
        let mut environment = Environment::default();
        environment.add_dot_env("A=1  # it's\nB=2 \t # don't\n# it's\nC='# 3' # \"\nD=4\n");
        let values = ["A", "B", "C", "D"].map(|name| environment.get(name).map(|variable| variable.value.as_str()));
        assert_eq!(values, [Some("1"), Some("2"), Some("# 3"), Some("4")]);
        assert!(environment.errors().is_empty());
    }

    #[test]
    fn dot_env_supports_quotes_and_comments() {
        let mut environment = Environment::default();
        environment.add_dot_env("# a comment\nexport A=1\nB='a #b $c'\n\nC=\"two words\" # a comment\n");
        let values = ["A", "B", "C"].map(|name| environment.get(name).map(|variable| variable.value.as_str()));
        assert_eq!(values, [Some("1"), Some("a #b $c"), Some("two words")]);
        assert!(environment.errors().is_empty());
    }

    /// A password with a `$` would otherwise be a different one.
    #[test]
    fn dot_env_rejects_substitution() {
        let mut environment = Environment::default();
        environment.add_dot_env("# costs $5\nA='$a'\nB=b$b\nC=\"two\n$lines\"\nD=d\\$ # $\nE=e#$e\n");
        let errors: Vec<_> = environment.errors().iter().map(ToString::to_string).collect();
        let lines: Vec<_> = errors
            .iter()
            .filter_map(|error| error.strip_prefix(".env: line ")?.split(' ').next())
            .collect();
        assert_eq!(lines, ["3", "5", "7"], "{errors:?}");
    }

    #[test]
    fn dot_env_error_contains_line_number_but_not_text() {
        let mut environment = Environment::default();
        environment.add_dot_env("A=1\nVESTIBULE_SECRET_KEY=hunter2 and more\nB=2\n");
        let errors: Vec<_> = environment.errors().iter().map(ToString::to_string).collect();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with(".env: line 2 is not"), "{errors:?}");
        assert!(!errors[0].contains("hunter2"));
        assert!(environment.get("B").is_some());
    }
}
