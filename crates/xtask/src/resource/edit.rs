//! Additions to existing files.

use Place::{Before, BeforeObject, Beside, Import, Last, Sorted};

use crate::Outcome;

/// The place of an addition. The formatters sort statements and the names of imports and exports.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// Beside the first line that starts with this text.
    Beside(&'static str),
    /// In the sorted list after the line that starts with this text.
    Sorted(&'static str),
    /// Before the first line that starts with this text.
    Before(&'static str),
    /// Before the object that has a line that starts with this text.
    BeforeObject(&'static str),
    /// At the end of the list after the line that starts with this text.
    Last(&'static str),
    /// In the list of names after this text.
    Import(&'static str),
}

/// An addition to an existing file.
pub(crate) struct Edit {
    pub(crate) path: &'static str,
    place: Place,
    line: String,
}

impl Edit {
    pub(crate) const fn new(path: &'static str, place: Place, line: String) -> Self {
        Self { path, place, line }
    }

    /// Returns the line that is added.
    pub(crate) fn line(&self) -> &str {
        &self.line
    }

    /// Returns the file with the addition.
    pub(crate) fn apply(&self, text: &str) -> Outcome<String> {
        let mut lines: Vec<&str> = text.lines().collect();
        let find = |start: &str| {
            let at = lines.iter().position(|line| line.trim_start().starts_with(start));
            at.ok_or_else(|| format!("{} has no line `{start}`, where the resource is registered", self.path))
        };
        let length = |start: usize| lines[start..].iter().take_while(|line| is_entry(line)).count();
        let at = match self.place {
            Beside(start) | Before(start) => find(start)?,
            BeforeObject(start) => {
                let at = find(start)?;
                let opening = lines[..at].iter().rposition(|line| line.trim() == "{");
                opening.ok_or_else(|| format!("{} has no object with the line `{start}`", self.path))?
            }
            Last(start) => {
                let first = find(start)? + 1;
                first + length(first)
            }
            Sorted(start) => {
                let first = find(start)? + 1;
                let entries = &lines[first..first + length(first)];
                first
                    + entries
                        .iter()
                        .position(|entry| *entry > self.line.as_str())
                        .unwrap_or(entries.len())
            }
            Import(start) => {
                find(start)?;
                return Ok(text.replacen(start, &format!("{start}{}, ", self.line), 1));
            }
        };
        lines.insert(at, &self.line);
        Ok(lines.join("\n") + "\n")
    }

    /// Returns the file without the addition, which the formatter may have moved and wrapped.
    pub(crate) fn revert(&self, text: &str) -> Outcome<String> {
        let without = match self.place {
            Import(start) => without_import(text, start, &self.line),
            // The list of names may be wrapped.
            Beside(_) => without_statement(text, self.line.split('{').next().unwrap_or_default()),
            Sorted(_) | Before(_) | BeforeObject(_) | Last(_) => without_block(text, &self.line),
        };
        without.ok_or_else(|| {
            let line = self.line.trim().lines().next().unwrap_or_default();
            format!("{} no longer contains the addition `{line}`", self.path)
        })
    }
}

/// Returns whether a line belongs to a list.
fn is_entry(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with([']', '}'])
}

/// Removes lines that differ from the block only in white space and in commas before closing brackets.
fn without_block(text: &str, block: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let block = without_space(block);
    let ends_with_block = |start: usize| {
        let ends = (start + 1)..=lines.len();
        ends.map(|end| (end, without_space(&lines[start..end].concat())))
            .take_while(|(_, text)| text.len() <= block.len() + 1)
            .find_map(|(end, text)| (text == block).then_some(end))
    };
    let mut starts = (0..lines.len()).filter(|start| !lines[*start].trim().is_empty());
    let (start, end) = starts.find_map(|start| Some((start, ends_with_block(start)?)))?;
    Some([&lines[..start], &lines[end..]].concat().join("\n") + "\n")
}

fn without_space(text: &str) -> String {
    let mut kept = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, '}' | ']' | ')') && kept.ends_with(',') {
            kept.pop();
        }
        kept.push(c);
    }
    kept
}

fn without_statement(text: &str, start: &str) -> Option<String> {
    let at = text.find(&format!("\n{start}"))? + 1;
    let length = text[at..].find(";\n")? + ";\n".len();
    Some(format!("{}{}", &text[..at], &text[at + length..]))
}

fn without_import(text: &str, start: &str, name: &str) -> Option<String> {
    let at = text.find(start)? + start.len();
    let (list, rest) = text[at..].split_at(text[at..].find(';')?);
    let position = list
        .find(&format!(" {name},"))
        .or_else(|| list.find(&format!("\n{name},")))?;
    let (before, after) = (&list[..position], &list[position + " ,".len() + name.len()..]);
    Some(format!("{}{before}{after}{rest}", &text[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(place: Place, line: &str) -> Edit {
        Edit::new("a.rs", place, line.to_owned())
    }

    #[test]
    fn additions_are_reverted_after_formatting() {
        let text = "use crate::{\n    account, roles,\n};\nmod a;\npub use a::A;\nlist! {\n    a,\n    c,\n}\n  {\n    x: 1,\n  },\n";
        for (place, line, added, formatted) in [
            (Beside("mod "), "mod b;", "mod b;\nmod a;", "mod a;\nmod b;"),
            (
                Beside("pub use "),
                "pub use b::{B, C};",
                "pub use b::{B, C};",
                "pub use b::{\n    B, C,\n};",
            ),
            (
                Sorted("list! {"),
                "    b,",
                "    a,\n    b,\n    c,",
                "    a,\n    b,\n    c,",
            ),
            (Last("list! {"), "    b,", "    c,\n    b,\n}", "    c,\n    b,\n}"),
            (Before("c,"), "    b,", "    b,\n    c,", "    b,\n    c,"),
            (
                Before("c,"),
                "    .b(c())",
                "    .b(c())\n    c,",
                "    .b(\n        c(),\n    )\n    c,",
            ),
            (
                BeforeObject("x: 1"),
                "  {\n    f: g({ y: 2 }),\n  },",
                "  {\n    f: g({ y: 2 }),\n  },\n  {\n    x",
                "  {\n    f: g({\n      y: 2,\n    }),\n  },\n  {\n    x",
            ),
            (
                Import("use crate::{"),
                "projects",
                "projects, \n    account, roles,",
                "\n    account, projects, roles,",
            ),
        ] {
            let edit = edit(place, line);
            let changed = edit.apply(text).expect("the anchor exists");
            assert!(changed.contains(added), "{changed}");
            assert_eq!(edit.revert(&changed.replace(added, formatted)).as_deref(), Ok(text));
        }
        let before = edit(Before("c,"), "    b,");
        assert_eq!(before.revert("a,\n\n    b,\n    c,\n").as_deref(), Ok("a,\n\n    c,\n"));
        assert!(edit(Last("vec!["), "    b,").apply(text).is_err());
        assert!(edit(Beside("mod "), "mod b;").revert(text).is_err());
    }
}
