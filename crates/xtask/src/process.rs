//! Command lines that run other programs.

use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::Outcome;

/// A command line with environment variables. It displays as text that can be pasted into a shell.
#[derive(Debug)]
pub(crate) struct Line {
    variables: Vec<(&'static str, &'static str)>,
    words: Vec<String>,
}

impl Line {
    /// Creates a line from words separated by single spaces.
    pub(crate) fn new(words: &str) -> Self {
        Self {
            variables: Vec::new(),
            words: words.split(' ').map(ToOwned::to_owned).collect(),
        }
    }

    /// Adds an environment variable.
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Adds words, which may contain spaces.
    pub(crate) fn and(mut self, words: &[&str]) -> Self {
        self.words.extend(words.iter().map(ToString::to_string));
        self
    }

    /// Prints the line, runs it with inherited output, and prints the elapsed time.
    pub(crate) fn run(&self) -> Outcome {
        eprintln!("\n==> {self}");
        let start = Instant::now();
        let status = self.command().status();
        let status = status.map_err(|e| format!("cannot run `{self}`: {e}"))?;
        let seconds = start.elapsed().as_secs_f64();
        if !status.success() {
            return Err(format!(
                "failed after {seconds:.1} s ({status}). To run it again:\n\n    {self}"
            ));
        }
        eprintln!("==> {seconds:.1} s: {self}");
        Ok(())
    }

    /// Runs the line and returns its standard output. Standard error is inherited.
    pub(crate) fn output(&self) -> Outcome<String> {
        let output = self.command().stderr(Stdio::inherit()).output();
        let output = output.map_err(|e| format!("cannot run `{self}`: {e}"))?;
        if !output.status.success() {
            return Err(format!("`{self}` failed ({})", output.status));
        }
        String::from_utf8(output.stdout).map_err(|e| format!("`{self}` did not write UTF-8: {e}"))
    }

    /// Prints the line and starts it with inherited output, without waiting for it.
    pub(crate) fn start(&self) -> Outcome<Child> {
        eprintln!("\n==> {self}");
        self.command().spawn().map_err(|e| format!("cannot run `{self}`: {e}"))
    }

    /// Replaces this process with the program, which then receives signals and sets the exit code. Returns only on
    /// failure.
    #[cfg(unix)]
    pub(crate) fn exec(&self) -> Outcome {
        use std::os::unix::process::CommandExt as _;
        let error = self.command().exec();
        Err(format!("cannot run `{self}`: {error}"))
    }

    /// Runs the program and exits with its code, on systems where a process cannot be replaced.
    #[cfg(not(unix))]
    pub(crate) fn exec(&self) -> Outcome {
        match self.command().status() {
            Ok(status) => std::process::exit(status.code().unwrap_or(1)),
            Err(error) => Err(format!("cannot run `{self}`: {error}")),
        }
    }

    fn command(&self) -> Command {
        let (program, args) = self.words.split_first().map_or(("", &[][..]), |(p, a)| (p.as_str(), a));
        let mut command = Command::new(program);
        command.args(args);
        // Variables that cargo sets for `xtask` would trigger build scripts that depend on them.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command.envs(self.variables.iter().copied());
        command
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut line = String::new();
        for (name, value) in &self.variables {
            write!(line, "{name}={} ", quoted(value))?;
        }
        for word in &self.words {
            write!(line, "{} ", quoted(word))?;
        }
        f.write_str(line.trim_end())
    }
}

/// Quotes a word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,:@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_displays_as_shell_command() {
        let line = Line::new("cargo doc --no-deps")
            .with("RUSTDOCFLAGS", "-D warnings")
            .and(&["it's"]);
        assert_eq!(
            line.to_string(),
            r"RUSTDOCFLAGS='-D warnings' cargo doc --no-deps 'it'\''s'"
        );
    }

    #[test]
    fn failed_command_is_named_in_error() {
        let failure = Line::new("false").run();
        assert!(failure.is_err_and(|why| why.ends_with("\n    false")));
    }
}
