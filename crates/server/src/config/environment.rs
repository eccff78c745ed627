//! Where settings come from: the variables of the process, the file `.env`, and files that hold one secret.

use std::{collections::BTreeMap, fmt, fs, io, path::PathBuf};

use super::Mistake;

/// The file that is read beside the variables of the process, in the working directory.
const DOT_ENV: &str = ".env";

/// Variables by name. There is no `Debug`: some of the values are secrets.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, Variable>,
    mistakes: Vec<Mistake>,
}

/// One variable.
#[derive(Clone)]
pub(crate) struct Variable {
    /// Its value.
    pub(crate) value: String,
    /// Where it was found.
    pub(crate) origin: Origin,
}

/// Where the value of a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said.
    Default,
    /// A variable of the process.
    Environment,
    /// A line in `.env`.
    DotEnv,
    /// The file that a variable with `_FILE` names.
    File(PathBuf),
}

impl fmt::Display for Origin {
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
    /// The variables of the process, and those in `.env` that the process does not have.
    #[must_use]
    pub fn of_process() -> Self {
        let mut environment = Self::default();
        match fs::read_to_string(DOT_ENV) {
            Ok(text) => environment.add_dot_env(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => environment
                .mistakes
                .push(Mistake::new(DOT_ENV, format!("cannot be read: {error}"))),
        }
        environment.add_process();
        environment
    }

    fn add_process(&mut self) {
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => self.insert(name, value, Origin::Environment),
                Err(_) if is_ours(&name) => self.mistakes.push(Mistake::new(name, "is not UTF-8")),
                Err(_) => {}
            }
        }
    }

    /// Adds the lines of a `.env` file. What is wrong with a line is said by its number and never by its
    /// text, which may be a secret.
    fn add_dot_env(&mut self, text: &str) {
        for line in dotenvy::from_read_iter(text.as_bytes()) {
            match line {
                Ok((name, value)) => self.insert(name, value, Origin::DotEnv),
                Err(dotenvy::Error::LineParse(wrong, _)) => {
                    let index = text
                        .lines()
                        .position(|line| line.trim_end().ends_with(wrong.trim_end()));
                    let line = index.map_or_else(|| "a line".to_owned(), |index| format!("line {}", index + 1));
                    let advice = "is not `NAME=value`; put single quotes around a value with blanks, `#` or `$`";
                    self.mistakes.push(Mistake::new(DOT_ENV, format!("{line} {advice}")));
                }
                Err(_) => self.mistakes.push(Mistake::new(DOT_ENV, "cannot be read to its end")),
            }
        }
    }

    fn insert(&mut self, name: String, value: String, origin: Origin) {
        self.variables.insert(name, Variable { value, origin });
    }

    /// The variable with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// The names of all variables.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// What was wrong before any setting was read.
    pub(crate) fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

/// Variables as a process would have them.
impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables {
            environment.insert(name.into(), value.into(), Origin::Environment);
        }
        environment
    }
}

/// Whether a variable with this name is meant for this program.
fn is_ours(name: &str) -> bool {
    name.starts_with("VESTIBULE_") || name.starts_with("DATABASE_URL") || name == "RUST_LOG"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_dot_env_are_read_with_their_quotes_and_comments() {
        let mut environment = Environment::default();
        environment.add_dot_env("# a comment\nexport A=1\nB='a #b $c'\n\nC=\"two words\" # said\n");
        let values = ["A", "B", "C"].map(|name| environment.get(name).map(|variable| variable.value.as_str()));
        assert_eq!(values, [Some("1"), Some("a #b $c"), Some("two words")]);
        assert!(environment.mistakes().is_empty());
    }

    #[test]
    fn a_bad_line_of_dot_env_is_named_by_number_and_not_shown() {
        let mut environment = Environment::default();
        environment.add_dot_env("A=1\nVESTIBULE_SECRET_KEY=hunter2 and more\nB=2\n");
        let mistakes: Vec<_> = environment.mistakes().iter().map(ToString::to_string).collect();
        assert_eq!(mistakes.len(), 1);
        assert!(mistakes[0].starts_with(".env: line 2 is not"), "{mistakes:?}");
        assert!(!mistakes[0].contains("hunter2"));
        assert!(environment.get("B").is_some());
    }
}
